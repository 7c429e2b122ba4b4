using System.IO.Pipelines;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages.Adding;

public sealed class PulledReaderTests
{
    [Test]
    public async Task Each_block_is_requested_until_an_empty_one_arrives()
    {
        using MemoryStream asked = new();
        using WireReader reader = new(new MemoryStream(new WireBytes().Text("abc", "de", "").U64(42).ToArray()));
        using WireWriter writer = new(asked);
        PulledReader upload = new(reader, writer);
        byte[] block = new byte[4];

        Assert.That(await upload.ReadAsync(block), Is.EqualTo(3));
        Assert.That(block[..3], Is.EqualTo("abc"u8.ToArray()));
        Assert.That(await upload.ReadAsync(block.AsMemory(0, 2)), Is.EqualTo(2));
        Assert.That(block[..2], Is.EqualTo("de"u8.ToArray()));
        Assert.That(await upload.ReadAsync(block), Is.Zero);
        Assert.That(await upload.ReadAsync(block), Is.Zero, "the end stays the end, and is not asked for again");

        Assert.That(asked.ToArray(), Is.EqualTo(new WireBytes().U64(0x64617461, 4, 0x64617461, 2, 0x64617461, 4).ToArray()));
        Assert.That(await reader.ReadUInt64Async(default), Is.EqualTo(42));
    }

    [Test]
    public async Task An_upload_may_be_longer_than_a_message()
    {
        using WireReader reader = new(new MemoryStream(new WireBytes().Text("abc", "de", "").ToArray()));
        using WireWriter writer = new(Stream.Null);
        reader.BeginMessage(8 + 8);
        using StreamReader upload = new(new PulledReader(reader, writer));

        Assert.That(await upload.ReadToEndAsync(), Is.EqualTo("abcde"));
    }

    [Test]
    public void More_than_was_asked_for_is_refused()
    {
        using WireReader reader = new(new MemoryStream(new WireBytes().Text("abc").ToArray()));
        using WireWriter writer = new(Stream.Null);

        Assert.That(async () => await new PulledReader(reader, writer).ReadAsync(new byte[2]), Throws.TypeOf<WireException>());
    }

    [Test]
    public async Task Client_is_asked_before_it_is_waited_for()
    {
        Pipe toDaemon = new();
        Pipe toClient = new();
        using WireReader reader = new(toDaemon.Reader.AsStream());
        using WireWriter writer = new(toClient.Writer.AsStream());
        using WireReader client = new(toClient.Reader.AsStream());
        Task<int> reading = new PulledReader(reader, writer).ReadAsync(new byte[100_000]).AsTask();

        StderrMessage.Read asked = (StderrMessage.Read)await StderrCodec.ReadAsync(client, ProtocolVersion.Current, default);
        await toDaemon.Writer.WriteAsync(new WireBytes().Bytes(new byte[asked.Count]).ToArray());

        Assert.That(await reading, Is.EqualTo((int)asked.Count));
    }
}
