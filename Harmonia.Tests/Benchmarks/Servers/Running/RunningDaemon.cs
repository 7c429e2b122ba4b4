using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Store;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>One of the two daemons, on a state of its own. Disposing it ends it.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    /// <summary>The real one, as the tables show it.</summary>
    public const string Nix = "nix-daemon";

    /// <summary>Ours, as the tables show it.</summary>
    public const string Harmonia = "harmonia-daemon";

    private readonly RunningProgram _program;

    private RunningDaemon(string name, string socketPath, RunningProgram program) =>
        (Name, SocketPath, _program, Processes) = (name, socketPath, program, new ProcessTree(program.ProcessId));

    /// <summary>Both names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Nix, Harmonia];

    public string Name { get; }

    public string SocketPath { get; }

    public ProcessTree Processes { get; }

    /// <param name="name">Which one.</param>
    /// <param name="directory">Gets its socket, log and configuration.</param>
    /// <param name="realStore">Where the store's files lie.</param>
    /// <param name="state">Where the store's state lies.</param>
    public static async Task<RunningDaemon> StartAsync(
        Session session, NixPrograms programs, string name, string directory, string realStore, string state, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        string socket = Path.Combine(directory, "socket");
        string log = Path.Combine(directory, "log");
        File.Delete(socket);
        RunningProgram program = name == Nix
            ? await StartNixAsync(session, programs, directory, socket, log, realStore, state, cancellationToken)
            : await StartHarmoniaAsync(session, directory, socket, log, realStore, state, cancellationToken);
        try
        {
            await program.AwaitReadyAsync(() => Task.FromResult(File.Exists(socket)), cancellationToken);
            return new RunningDaemon(name, socket, program);
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static async Task<RunningProgram> StartNixAsync(
        Session session, NixPrograms programs, string directory, string socket, string log, string realStore, string state, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, "nix.conf"), $"""
            build-users-group =
            sandbox = false
            substituters =
            trusted-users = {Environment.UserName}

            """, cancellationToken);
        return RunningProgram.Start(log, programs.PathOf("nix-daemon"), [], session.Store.Environment.For(
            NixEnvironment.LocalUri(realStore, state),
            ("NIX_CONF_DIR", directory),
            ("NIX_DAEMON_SOCKET_PATH", socket)));
    }

    private static async Task<RunningProgram> StartHarmoniaAsync(
        Session session, string directory, string socket, string log, string realStore, string state, CancellationToken cancellationToken)
    {
        string configuration = Path.Combine(directory, "daemon.toml");
        await File.WriteAllTextAsync(configuration, $"""
            socket_path = "{socket}"
            real_store_dir = "{realStore}"
            state_dir = "{state}"
            log_dir = "{state}/log"
            log_level = "error"
            """, cancellationToken);
        return RunningProgram.Start(log, session.Workspace.Program("harmonia-daemon"), ["--config", configuration]);
    }
}
