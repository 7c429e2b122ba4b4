using System.Net.Sockets;
using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Building;
using Harmonia.Daemon.Configuration;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Gc;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// What an operation works with: the connection and what belongs to it, and the store. Owned by the session, which disposes it with the
/// connection.
/// </summary>
internal sealed class OperationContext(
    WireReader reader, WireWriter writer, MessageContext messages, Trust trust, StoreServices store) : IDisposable
{
    /// <summary>How often it is looked whether the client is still there while it waits.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly PathInfoCache _pathInfos = store.PathInfos;
    private TempRootsFile? _tempRoots;
    private long _request;
    private long _lookedFor;
    private long _lookedAfter;
    private ulong _generation;

    public WireReader Reader { get; } = reader;

    /// <summary>For what is not part of a message that begins with <see cref="BeginReply"/>.</summary>
    public WireWriter Writer { get; } = writer;

    public MessageContext Messages { get; } = messages;

    public Trust Trust { get; } = trust;

    public StoreDatabase Database { get; } = store.Database;

    public StoreFiles Files { get; } = store.Files;

    public Derivations Derivations { get; } = store.Derivations;

    public TempRoots TempRoots { get; } = store.TempRoots;

    public GarbageCollectorRoots Roots { get; } = store.Roots;

    public GarbageCollector Collector { get; } = store.Collector;

    public BuildLogs Logs { get; } = store.Logs;

    public StoreChanges Changes { get; } = store.Changes;

    public StoreWriter Store { get; } = store.Writer;

    /// <summary>The settings of a client that has set nothing.</summary>
    public ConnectionSettings DaemonSettings { get; } = store.Settings;

    /// <summary>Who builds; null for nobody.</summary>
    public BuildDelegate? Delegate { get; } = store.Delegate;

    /// <summary>Those of this client.</summary>
    public ConnectionSettings Settings { get; set; } = store.Settings;

    /// <summary>What the client has said. Its overrides are those that it may set.</summary>
    public ClientOptions Options { get; set; } = new();

    /// <summary>Whether the client has hung up.</summary>
    public required Func<bool> HasPeerHungUp { get; init; }

    public KeepRules Keep => new(Settings.KeepOutputs, Settings.KeepDerivations);

    /// <summary>What paths are measured by that are not named by their content.</summary>
    public SignaturePolicy Signatures => new(Settings.RequireSignatures, [.. Settings.TrustedPublicKeys, .. Settings.OwnPublicKeys]);

    /// <summary>Whether the client was told that its request succeeded: from then on nothing can be said but the reply.</summary>
    public bool IsReplying { get; private set; }

    /// <summary>Makes ready for the next request.</summary>
    public void BeginRequest()
    {
        IsReplying = false;
        _request++;
        Reader.BeginMessage(WireLimits.Request);
    }

    /// <summary>Says that the request succeeded. The caller writes the reply, if there is one; the session flushes.</summary>
    public WireWriter BeginReply()
    {
        StderrCodec.Write(Writer, Messages.Version, StderrMessage.Last.Instance);
        IsReplying = true;
        return Writer;
    }

    /// <summary>Does what takes long, and breaks it off when the client hangs up.</summary>
    /// <exception cref="IOException">The client has gone.</exception>
    public async Task<T> WhileClientStaysAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        // The answers to earlier requests don't wait for this one.
        await Writer.FlushAsync(cancellationToken);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T> running = work(end.Token);
        while (!running.IsCompleted)
        {
            await ((Task)running).WaitAsync(Interval, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!running.IsCompleted && HasPeerHungUp())
            {
                await end.CancelAsync();
                await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new IOException("the client hung up", new SocketException((int)SocketError.ConnectionReset));
            }
        }

        return await running;
    }

    /// <summary>Sends the user a line, between request and reply, if it is important enough for the verbosity he wants.</summary>
    public void Log(LogLevel level, string text)
    {
        if (level <= Options.Verbosity)
        {
            string prefix = level == LogLevel.Warn ? "warning: " : "";
            StderrCodec.Write(Writer, Messages.Version, new StderrMessage.Next($"{prefix}{text}\n"));
        }
    }

    /// <summary>Whether signatures matter, though the client may have said that they don't: only a trusted one is obeyed.</summary>
    public bool MustCheckSignatures(bool dontCheck) => !dontCheck || Trust != Trust.Trusted;

    /// <summary>Begins to add to the store.</summary>
    /// <exception cref="IOException">The daemon may not write there.</exception>
    public StoreAddition BeginAddition() => Store.Begin(Settings.AutoOptimiseStore);

    /// <summary>
    /// What the store knows of a path. One look at the database does for all such questions that arrived together, without another request
    /// between them.
    /// </summary>
    public UnkeyedValidPathInfo? QueryPathInfo(StorePath path)
    {
        if (_lookedFor != _request - 1 || _lookedAfter != Reader.Receptions)
        {
            _generation = _pathInfos.Look();
            _lookedAfter = Reader.Receptions;
        }

        _lookedFor = _request;
        return _pathInfos.Find(path, _generation);
    }

    /// <summary>Protects a path from the garbage collector until the connection closes.</summary>
    /// <exception cref="IOException">The daemon may not do that here.</exception>
    public async Task AddTempRootAsync(StorePath path, CancellationToken cancellationToken)
    {
        _tempRoots ??= await TempRoots.CreateFileAsync(cancellationToken);
        await _tempRoots.AddAsync(path, cancellationToken);
    }

    public void Dispose() => _tempRoots?.Dispose();
}
