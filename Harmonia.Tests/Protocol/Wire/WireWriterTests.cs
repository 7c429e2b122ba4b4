using System.Buffers;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Wire;

public sealed class WireWriterTests
{
    [Test]
    public async Task Primitives_have_the_layout_of_the_protocol()
    {
        byte[] expected =
            new WireBytes().U64(0x0123456789abcdef, 1, 0).Text("", "1", "12345678", "größe").Bytes([1, 2, 3]).ToArray();
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);

        writer.WriteUInt64(0x0123456789abcdef);
        writer.WriteBool(true);
        writer.WriteBool(false);
        writer.WriteString("");
        writer.WriteString("1");
        writer.WriteString("12345678");
        writer.WriteString("größe");
        writer.WriteBytes([1, 2, 3]);
        Assert.That(stream.Length, Is.Zero);
        await writer.FlushAsync(default);

        Assert.That(stream.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public async Task Padding_is_zero_in_a_buffer_that_was_used_before()
    {
        byte[] used = ArrayPool<byte>.Shared.Rent(4096);
        used.AsSpan().Fill(0xff);
        ArrayPool<byte>.Shared.Return(used);
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);

        writer.WriteString("1");
        await writer.FlushAsync(default);

        Assert.That(stream.ToArray(), Is.EqualTo(new WireBytes().Text("1").ToArray()));
    }

    [Test]
    public async Task Nothing_is_sent_before_the_flush()
    {
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);

        writer.Write(new byte[60_000]);
        await writer.FlushIfLargeAsync(default);
        Assert.That(stream.Length, Is.Zero);

        writer.Write(new byte[60_000]);
        Assert.That(stream.Length, Is.Zero);
        await writer.FlushIfLargeAsync(default);
        Assert.That(stream.Length, Is.EqualTo(120_000));
    }

    [Test]
    public async Task Disposed_writer_sends_nothing()
    {
        using MemoryStream stream = new();
        WireWriter writer = new(stream);
        writer.WriteUInt64(1);

        writer.Dispose();

        await writer.FlushAsync(default);
        Assert.That(stream.Length, Is.Zero);
    }

    [Test]
    public async Task An_incomplete_reply_can_be_discarded()
    {
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);
        writer.WriteUInt64(1);

        writer.Discard();
        writer.WriteUInt64(2);
        await writer.FlushAsync(default);

        Assert.That(stream.ToArray(), Is.EqualTo(new WireBytes().U64(2).ToArray()));
    }

    [Test]
    public async Task Text_that_cannot_be_encoded_leaves_nothing_behind()
    {
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);

        Assert.That(() => writer.WriteString("\ud800"), Throws.InstanceOf<ArgumentException>());
        await writer.FlushAsync(default);
        Assert.That(stream.Length, Is.Zero);
    }

    [Test]
    public void After_a_flush_that_failed_nothing_more_is_sent()
    {
        using BrokenStream stream = new();
        using WireWriter writer = new(stream);
        writer.WriteUInt64(1);
        Assert.That(async () => await writer.FlushAsync(default), Throws.TypeOf<EndOfStreamException>());

        stream.Broken = false;

        Assert.That(async () => await writer.FlushAsync(default), Throws.TypeOf<IOException>());
        writer.Discard();
        writer.WriteUInt64(2);
        Assert.That(async () => await writer.FlushAsync(default), Throws.TypeOf<IOException>());
        Assert.That(stream.Length, Is.Zero);
    }

    [Test]
    public async Task Buffer_can_be_filled_in_place()
    {
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);

        "abc"u8.CopyTo(writer.GetSpan(3));
        writer.Advance(3);
        "defg"u8.CopyTo(writer.ReserveString(4));
        await writer.FlushAsync(default);

        Assert.That(stream.ToArray(), Is.EqualTo(new WireBytes().Raw("abc"u8).Text("defg").ToArray()));
        Assert.That(() => writer.Advance(1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [FsCheck.NUnit.Property]
    public bool Byte_strings_are_written_as_by_hand(byte[][] strings)
    {
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);
        WireBytes expected = new();
        foreach (byte[] bytes in strings)
        {
            writer.WriteBytes(bytes);
            expected.Bytes(bytes);
        }

        writer.FlushAsync(default).AsTask().GetAwaiter().GetResult();
        return stream.ToArray().AsSpan().SequenceEqual(expected.ToArray());
    }

    private sealed class BrokenStream : MemoryStream
    {
        public bool Broken { get; set; } = true;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Broken ? throw new EndOfStreamException() : base.WriteAsync(buffer, cancellationToken);
    }
}
