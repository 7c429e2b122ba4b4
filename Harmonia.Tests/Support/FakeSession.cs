using System.Net.Sockets;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Tests.Support;

/// <summary>The daemon's end of one connection to a <see cref="FakeDaemon"/>, for its script.</summary>
public sealed class FakeSession(int number, Socket socket, StoreDirectory directory) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>What the replies are written to; set before the first use of <see cref="Writer"/> to tamper with them.</summary>
    public Stream Output
    {
        get => field ?? _stream;
        set;
    }

    /// <summary>0 for the first connection, 1 for the second, and so on.</summary>
    public int Number => number;

    public WireReader Reader => field ??= new WireReader(_stream);

    public WireWriter Writer => field ??= new WireWriter(Output);

    /// <summary>Known once hands have been shaken.</summary>
    public MessageContext Context { get; private set; } = new() { StoreDirectory = directory, Version = ProtocolVersion.Current };

    /// <summary>Says and hears nothing until the daemon is killed.</summary>
    public static Task NeverAsync(CancellationToken cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken);

    public async Task ShakeHandsAsync(ServerHandshakeOptions options, CancellationToken cancellationToken)
    {
        HandshakeResult result = await ServerHandshake.RunAsync(Reader, Writer, options, cancellationToken);
        Context = Context with { Version = result.Version, Features = result.Features };
    }

    /// <summary>The next request's operation, or null when the client has left.</summary>
    public async Task<Operation?> ReadOperationAsync(CancellationToken cancellationToken) =>
        await Reader.WaitForDataAsync(cancellationToken) ? (Operation)await Reader.ReadUInt32Async(cancellationToken) : null;

    public ValueTask<StorePath> ReadPathAsync(CancellationToken cancellationToken) =>
        StorePathCodec.ReadAsync(Reader, Context, cancellationToken);

    public async Task<StorePathHash> ReadHashPartAsync(CancellationToken cancellationToken) =>
        StorePathHash.Parse(await Reader.ReadStringAsync(StorePathHash.Length, cancellationToken));

    /// <summary>Writes a message of the phase before the reply; not flushed.</summary>
    public void Say(StderrMessage message) => StderrCodec.Write(Writer, Context.Version, message);

    /// <summary>Writes the end of the phase before the reply; not flushed.</summary>
    public void SayLast() => Say(StderrMessage.Last.Instance);

    public async Task SayNoAsync(string message, CancellationToken cancellationToken)
    {
        Say(new StderrMessage.Failure(new RemoteError { Message = message }));
        await Writer.FlushAsync(cancellationToken);
    }

    public void Dispose() => _stream.Dispose();
}
