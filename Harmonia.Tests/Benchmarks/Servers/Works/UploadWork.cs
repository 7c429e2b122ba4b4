using System.Diagnostics;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary><c>nix copy</c> to each daemon, into a new store: wall time.</summary>
internal sealed class UploadWork(Session session, DaemonPair pair) : Work("nix copy --to")
{
    private const long WantedBytes = 4_000_000_000;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        bool quick = session.Scale.IsQuick;
        string title = $"nix copy --to unix:// of {session.Scale.CopiedPaths} small paths and {(quick ? "500 MB" : "1 GB of large ones")}, wall s";
        IReadOnlyList<string> large = quick ? [BenchmarkStore.RandomBytes] : [BenchmarkStore.RandomBytes, BenchmarkStore.Text];
        StorePath[] paths = [.. session.Store.Small.Take(session.Scale.CopiedPaths), .. large.Select(session.Store.Large)];
        for (int round = 0; round < session.Scale.Copies; round++)
        {
            foreach (string name in round % 2 == 0 ? RunningDaemon.Names.Reverse() : RunningDaemon.Names)
                session.Results.Add(title, name, await MeasureAsync(name, paths, cancellationToken));
        }
    }

    private async Task<double> MeasureAsync(string name, StorePath[] paths, CancellationToken cancellationToken)
    {
        NixEnvironment environment = session.Store.Environment;
        using ScratchDirectory scratch = ScratchDirectory.Create(session.Workspace, WantedBytes);
        string root = scratch.PathOf("root");
        await Command.ReadAsync(pair.Programs.PathOf("nix-store"), ["--init"], cancellationToken, environment.For($"local?root={root}"));
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(
            session, pair.Programs, name, scratch.PathOf("daemon"), $"{root}/nix/store", $"{root}/nix/var/nix", cancellationToken);
        long start = Stopwatch.GetTimestamp();
        await Command.ReadAsync(
            pair.Programs.PathOf("nix"),
            [
                "--extra-experimental-features", "nix-command", "copy", "--no-check-sigs", "--from", environment.SharedUri,
                "--to", $"unix://{daemon.SocketPath}?root={root}", .. paths.Select(StoreDirectory.Default.Print),
            ],
            cancellationToken,
            environment.For(environment.SharedUri, ("XDG_CACHE_HOME", scratch.PathOf("cache"))));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
