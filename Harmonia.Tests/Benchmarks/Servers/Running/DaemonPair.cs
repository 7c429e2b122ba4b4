using Harmonia.Benchmarks.Servers.Store;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>nix-daemon and harmonia-daemon, each with a copy of the benchmark store's database as Nix made it. They are started when they are first wanted.</summary>
internal sealed class DaemonPair(Session session) : IAsyncDisposable
{
    private readonly List<RunningDaemon> _daemons = [];

    /// <summary>The programs of Nix that go with the real one.</summary>
    public NixPrograms Programs { get; } = NixPrograms.Find();

    public async Task<IReadOnlyList<RunningDaemon>> StartAsync(CancellationToken cancellationToken)
    {
        if (_daemons.Count > 0)
            return _daemons;
        Progress.Note(await Programs.VersionAsync(cancellationToken));
        foreach (string name in RunningDaemon.Names)
            _daemons.Add(await StartFreshAsync(name, "shared", cancellationToken));
        return _daemons;
    }

    /// <summary>Starts one that has not served anybody. The caller ends it.</summary>
    /// <param name="purpose">Names its directory.</param>
    public async Task<RunningDaemon> StartFreshAsync(string name, string purpose, CancellationToken cancellationToken)
    {
        string directory = session.Workspace.NewDirectory($"{name}/{purpose}");
        string state = Path.Combine(directory, "state");
        await StateCopy.MakeAsync(session.Workspace.NixState, state, cancellationToken);
        return await RunningDaemon.StartAsync(session, Programs, name, directory, session.Workspace.Store, state, cancellationToken);
    }

    /// <summary>Variables for Nix's programs that ask one of them.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(RunningDaemon daemon) => session.Store.Environment.For(
        NixEnvironment.DaemonUri(daemon.SocketPath, session.Workspace.Store, Path.Combine(Path.GetDirectoryName(daemon.SocketPath)!, "state")));

    public async ValueTask DisposeAsync()
    {
        foreach (RunningDaemon daemon in _daemons)
            await daemon.DisposeAsync();
    }
}
