using System.Diagnostics;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works.Grow;

/// <summary><c>nix copy</c> of many small paths from nginx and ours into a new store: wall time.</summary>
internal sealed class ManyCopiesWork(Session session, GrownServers servers) : Work($"nix copy of {Count:N0} small paths, wall s")
{
    // Shorter than the longest command line of Linux. The paths refer only to each other.
    private const int Count = 20_000;
    private const long WantedBytes = 1_000_000_000;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Server> both = await servers.WithFilesAsync(cancellationToken);
        string[] paths = [.. Enumerable.Range(0, Count).Select(static number => StoreDirectory.Default.Print(GeneratedPath.PathOf(number)))];
        for (int round = 0; round < session.Scale.GrownCopies; round++)
        {
            foreach (Server server in round % 2 == 0 ? both.Reverse() : both)
            {
                using ScratchDirectory target = ScratchDirectory.Create(session.Workspace, WantedBytes);
                await Command.ReadAsync("sync", [], cancellationToken);
                long start = Stopwatch.GetTimestamp();
                await Command.ReadAsync(
                    "nix",
                    [
                        "--extra-experimental-features", "nix-command", "copy", "--no-check-sigs", "--from", server.Url,
                        "--to", $"local?root={target.PathOf("root")}", .. paths,
                    ],
                    cancellationToken,
                    session.Store.Environment.For(session.Store.Environment.SharedUri, ("XDG_CACHE_HOME", target.PathOf("cache"))));
                session.Results.Add(Name, server.Name, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
    }
}
