using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Wire;

public sealed class FramedReaderTests
{
    private static readonly byte[] Upload =
        new WireBytes().U64(3).Raw("abc"u8).U64(1).Raw("d"u8).U64(0).U64(42).ToArray();

    [Test]
    public async Task Frames_are_one_stream_that_ends_at_the_terminator([Values(1, 3, 100)] int slice)
    {
        using WireReader reader = Over(Upload, slice);
        FramedReader frames = new(reader);
        using MemoryStream content = new();

        await frames.CopyToAsync(content);

        Assert.That(content.ToArray(), Is.EqualTo("abcd"u8.ToArray()));
        Assert.That(await frames.ReadAsync(new byte[1]), Is.Zero, "the end stays the end");
        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(42), "what follows is not touched");
    }

    [Test]
    public async Task Draining_leaves_the_connection_in_step([Values(0, 1, 3, 4)] int alreadyRead, [Values(1, 100)] int slice)
    {
        using WireReader reader = Over(Upload, slice);
        FramedReader frames = new(reader);
        await frames.ReadExactlyAsync(new byte[alreadyRead]);

        await frames.DrainAsync(default);
        await frames.DrainAsync(default);

        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(42));
    }

    [Test]
    public async Task Empty_read_reads_nothing()
    {
        using WireReader reader = Over(Upload);
        FramedReader frames = new(reader);

        Assert.That(await frames.ReadAsync(Memory<byte>.Empty), Is.Zero);
        Assert.That(await frames.ReadAsync(new byte[10]), Is.EqualTo(3));
    }

    [Test]
    public void Frame_whose_length_does_not_fit_32_bits_is_refused([Values(1UL << 32, 1UL << 63, ulong.MaxValue)] ulong length)
    {
        byte[] bytes = new WireBytes().U64(length).ToArray();

        Assert.That(async () => await new FramedReader(Over(bytes)).ReadAsync(new byte[1]), Throws.TypeOf<WireException>());
        Assert.That(async () => await new FramedReader(Over(bytes)).DrainAsync(default), Throws.TypeOf<WireException>());
    }

    [Test]
    public void Large_frame_allocates_nothing()
    {
        byte[] bytes = new WireBytes().U64(uint.MaxValue).Raw(new byte[10]).ToArray();
        byte[] destination = new byte[5];
        using WireReader reader = Over(bytes);
        FramedReader frames = new(reader);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(frames.ReadAsync(destination).AsTask().Result, Is.EqualTo(5));

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(200_000));
    }

    [Test]
    public void End_before_the_terminator_is_a_broken_protocol()
    {
        int end = Upload.Length - sizeof(ulong);
        for (int length = 0; length < end; length++)
        {
            byte[] part = Upload[..length];
            Assert.That(
                async () => await new FramedReader(Over(part)).CopyToAsync(Stream.Null), Throws.TypeOf<WireException>(), $"read {length}");
            Assert.That(
                async () => await new FramedReader(Over(part)).DrainAsync(default), Throws.TypeOf<WireException>(), $"drained {length}");
        }
    }

    private static WireReader Over(byte[] bytes, int slice = int.MaxValue) => new(new SlicedStream(bytes, slice));
}
