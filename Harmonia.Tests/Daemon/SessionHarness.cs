using System.IO.Pipelines;
using Harmonia.Daemon.Server;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Daemon;

/// <summary>A session of the daemon with a <see cref="SampleStore"/>, connected to the test by in-memory pipes.</summary>
internal sealed class SessionHarness : IAsyncDisposable
{
    // A write completes when the session has read the data.
    private readonly Pipe _toDaemon = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
    private readonly Pipe _fromDaemon = new();
    private readonly Task _session;

    public SessionHarness(SampleStore store, Trust trust = Trust.Trusted)
    {
        SessionServices services = new()
        {
            Store = store.Services,
            NixVersion = "2.34.8 (test)",
            HandshakeTimeout = TimeSpan.FromSeconds(10),
            Time = Time,
            Logger = Log.CreateLogger("session"),
        };
        Shutdown = new Shutdown(TimeSpan.FromSeconds(30), Time);
        Stream input = _toDaemon.Reader.AsStream();
        Stream output = _fromDaemon.Writer.AsStream();
        _session = Task.Run(async () =>
        {
            await new ClientSession(1, input, output, trust, services).RunAsync(Shutdown);
            await _fromDaemon.Writer.CompleteAsync();
            await _toDaemon.Reader.CompleteAsync();
        });
    }

    public CapturedLog Log { get; } = new();

    public FakeTime Time { get; } = new();

    public Shutdown Shutdown { get; }

    /// <summary>What the client writes to.</summary>
    public Stream ToDaemon => field ??= _toDaemon.Writer.AsStream();

    /// <summary>What the client reads from.</summary>
    public Stream FromDaemon => field ??= _fromDaemon.Reader.AsStream();

    /// <summary>Ends when the session does.</summary>
    public Task Ended => _session.InTime();

    public Task<SessionClient> ConnectAsync(byte minor = 38, params string[] features) =>
        SessionClient.ConnectAsync(FromDaemon, ToDaemon, minor, features);

    /// <summary>Hangs up, and waits for the session to notice.</summary>
    public async ValueTask DisposeAsync()
    {
        await _toDaemon.Writer.CompleteAsync();
        await _fromDaemon.Reader.CompleteAsync();
        await Ended;
        Shutdown.Dispose();
    }
}
