using System.Buffers;
using System.Buffers.Binary;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>
/// Goes through a recorded connection with the codecs, as its client and its daemon at the same time, and checks that each byte of
/// both directions is read, and written again as it was.
/// </summary>
public sealed class Replay : IDisposable
{
    private readonly RecordedConnection _recorded;
    private readonly MemoryStream _clientAgain = new();
    private readonly MemoryStream _daemonAgain = new();
    private readonly WireReader _client;
    private readonly WireReader _daemon;
    private readonly WireWriter _toDaemon;
    private readonly WireWriter _toClient;
    private readonly List<RecordedRequest> _requests = [];

    private Replay(RecordedConnection recorded)
    {
        _recorded = recorded;
        _client = new WireReader(new MemoryStream(recorded.FromClient));
        _daemon = new WireReader(new MemoryStream(recorded.FromDaemon));
        _toDaemon = new WireWriter(_clientAgain);
        _toClient = new WireWriter(_daemonAgain);
    }

    /// <summary>Returns what was asked for.</summary>
    public static async Task<IReadOnlyList<RecordedRequest>> RunAsync(RecordedConnection recorded)
    {
        using Replay replay = new(recorded);
        await replay.RunAsync();
        return replay._requests;
    }

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_client, _daemon, _toDaemon, _toClient, _clientAgain, _daemonAgain])
            part.Dispose();
    }

    private async Task RunAsync()
    {
        HandshakeResult handshake = await ShakeHandsAsync();
        MessageContext context =
            new()
            { StoreDirectory = StoreDirectory.Default, Version = handshake.Version, Features = handshake.Features };
        while (await _client.WaitForDataAsync(default))
        {
            Operation operation = (Operation)await _client.ReadUInt32Async(default);
            _toDaemon.WriteUInt64((uint)operation);
            await _toDaemon.FlushAsync(default);
            int start = (int)_clientAgain.Length;
            await Requests.Of(operation)(_client, _toDaemon, context);
            await _toDaemon.FlushAsync(default);
            _requests.Add(new RecordedRequest(operation, context, _clientAgain.ToArray()[start..]));
            if (Requests.HasFrames(operation, context))
                await CheckUploadAsync(operation, context, await CopyFramesAsync());
            if (await CopyPhaseAsync(context))
                await (operation == Operation.NarFromPath ? CopyNarAsync : Replies.Of(operation))(_daemon, _toClient, context);
        }

        await CheckAsync();
        Assert.That(_clientAgain.Length, Is.EqualTo(_recorded.FromClient.Length));
        Assert.That(_daemonAgain.Length, Is.EqualTo(_recorded.FromDaemon.Length));
    }

    private async Task<HandshakeResult> ShakeHandsAsync()
    {
        ProtocolVersion announced = ProtocolVersion.FromWire((uint)BinaryPrimitives.ReadUInt64LittleEndian(_recorded.FromClient.AsSpan(sizeof(ulong))));
        HandshakeResult client = await ClientHandshake.RunAsync(
            _daemon, _toDaemon, new ClientHandshakeOptions { Version = announced }, default);
        ServerHandshakeOptions options = new() { Version = client.PeerVersion, NixVersion = client.NixVersion!, Trust = client.Trust };
        HandshakeResult daemon = await ServerHandshake.RunAsync(_client, _toClient, options, default);
        Assert.That(daemon.Version, Is.EqualTo(client.Version));
        await CheckAsync();
        return client;
    }

    /// <summary>Returns whether a reply follows.</summary>
    private async Task<bool> CopyPhaseAsync(MessageContext context)
    {
        while (true)
        {
            StderrMessage message = await StderrCodec.ReadAsync(_daemon, context.Version, default);
            StderrCodec.Write(_toClient, context.Version, message);
            if (message is StderrMessage.Last or StderrMessage.Failure)
                return message is StderrMessage.Last;
        }
    }

    /// <summary>Frame by frame, since their sizes are the sender's choice. Returns the frames as they are on the wire.</summary>
    private async Task<byte[]> CopyFramesAsync()
    {
        using MemoryStream stream = new();
        using WireWriter frames = new(stream);
        ulong length;
        do
        {
            length = await _client.ReadUInt64Async(default);
            byte[] frame = new byte[length];
            await _client.ReadExactlyAsync(frame, default);
            frames.WriteUInt64(length);
            frames.Write(frame);
        }
        while (length > 0);
        await frames.FlushAsync(default);
        _toDaemon.Write(stream.ToArray());
        return stream.ToArray();
    }

    private static async Task CheckUploadAsync(Operation operation, MessageContext context, byte[] frames)
    {
        using WireReader outer = new(new MemoryStream(frames));
        FramedReader framed = new(outer);
        using MemoryStream upload = new();
        await framed.CopyToAsync(upload);
        Assert.That(await outer.WaitForDataAsync(default), Is.False, "the frames end with the terminator");
        if (operation == Operation.AddMultipleToStore)
        {
            using WireReader inner = new(new MemoryStream(upload.ToArray()));
            using MemoryStream again = new();
            using WireWriter writer = new(again);
            ulong count = await inner.ReadUInt64Async(default);
            writer.WriteUInt64(count);
            for (ulong n = 0; n < count; n++)
            {
                ValidPathInfo info = await ValidPathInfoCodec.ReadAsync(inner, context.InsideAddMultipleToStore, default);
                ValidPathInfoCodec.Write(writer, context.InsideAddMultipleToStore, info);
                byte[] nar = new byte[info.Info.NarSize];
                await inner.ReadExactlyAsync(nar, default);
                Assert.That(NarHash.Of(nar), Is.EqualTo(info.Info.NarHash));
                writer.Write(nar);
            }

            await writer.FlushAsync(default);
            Assert.That(again.ToArray(), Is.EqualTo(upload.ToArray()));
        }
    }

    /// <summary>A NAR consists of strings. Their position distinguishes keywords from contents.</summary>
    private static async Task CopyNarAsync(WireReader reader, WireWriter writer, MessageContext context)
    {
        await CopyAsync();
        int depth = 0;
        do
        {
            string token = await CopyAsync();
            depth += token switch { "(" => 1, ")" => -1, _ => 0 };
            if (token is "contents" or "target" or "name" or "type")
                await CopyAsync();
        }
        while (depth > 0);

        async Task<string> CopyAsync()
        {
            byte[] bytes = await reader.ReadBytesAsync(WireLimits.FileText, default);
            writer.WriteBytes(bytes);
            return System.Text.Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>What was written again so far is what was recorded.</summary>
    private async Task CheckAsync()
    {
        await _toDaemon.FlushAsync(default);
        await _toClient.FlushAsync(default);
        Assert.That(_clientAgain.ToArray(), Is.EqualTo(_recorded.FromClient[..(int)_clientAgain.Length]));
        Assert.That(_daemonAgain.ToArray(), Is.EqualTo(_recorded.FromDaemon[..(int)_daemonAgain.Length]));
    }
}
