using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Wire;

public sealed class FramedWriterTests
{
    [Test]
    public async Task Each_write_is_a_frame_and_completion_the_terminator()
    {
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);
        FramedWriter frames = new(writer);

        await frames.WriteAsync("abc"u8.ToArray());
        await frames.WriteAsync(Array.Empty<byte>());
        await frames.WriteAsync("d"u8.ToArray());
        await frames.CompleteAsync(default);
        await frames.CompleteAsync(default);

        Assert.That(stream.ToArray(), Is.EqualTo(new WireBytes().U64(3).Raw("abc"u8).U64(1).Raw("d"u8).U64(0).ToArray()));
    }

    [Test]
    public async Task Nothing_can_be_written_behind_the_terminator()
    {
        using WireWriter writer = new(Stream.Null);
        FramedWriter frames = new(writer);
        await frames.CompleteAsync(default);

        Assert.That(async () => await frames.WriteAsync(new byte[1]), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Long_upload_is_sent_on_the_way()
    {
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);
        FramedWriter frames = new(writer);

        await frames.WriteAsync(new byte[1 << 20]);

        Assert.That(stream.Length, Is.GreaterThan((1 << 20) - (64 << 10)));
        Assert.That(writer.Buffered, Is.LessThanOrEqualTo(64 << 10));
    }

    [FsCheck.NUnit.Property]
    public bool What_is_written_is_read(byte[][] writes)
    {
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);
        FramedWriter frames = new(writer);
        foreach (byte[] bytes in writes)
            frames.WriteAsync(bytes).AsTask().GetAwaiter().GetResult();
        frames.CompleteAsync(default).AsTask().GetAwaiter().GetResult();

        using WireReader reader = new(new MemoryStream(stream.ToArray()));
        using MemoryStream content = new();
        new FramedReader(reader).CopyToAsync(content).GetAwaiter().GetResult();
        return content.ToArray().AsSpan().SequenceEqual(writes.SelectMany(bytes => bytes).ToArray());
    }
}
