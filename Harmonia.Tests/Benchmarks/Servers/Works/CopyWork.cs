using System.Diagnostics;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary><c>nix copy</c> from each server into a new store: wall time.</summary>
internal sealed class CopyWork(Session session, CacheServers servers) : Work("nix copy")
{
    private const long WantedBytes = 6_000_000_000;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        bool quick = session.Scale.IsQuick;
        string title = $"nix copy of {session.Scale.CopiedPaths} small paths and the {(quick ? "tiny files" : "large ones")}, wall s";
        IReadOnlyList<string> large = quick ? [BenchmarkStore.TinyFiles] : BenchmarkStore.LargeNames;
        StorePath[] paths = [.. session.Store.Small.Take(session.Scale.CopiedPaths), .. large.Select(session.Store.Large)];
        IReadOnlyList<Server> plain = await servers.PlainAsync(cancellationToken);
        for (int round = 0; round < session.Scale.Copies; round++)
        {
            // The first copy finds an emptier disk, so it does not count.
            foreach (Server server in round % 2 == 0 ? plain.Reverse() : plain)
            {
                using ScratchDirectory target = ScratchDirectory.Create(session.Workspace, WantedBytes);

                // Data that was deleted and written before does not count for this server.
                await Command.ReadAsync("sync", [], cancellationToken);
                long start = Stopwatch.GetTimestamp();
                await Command.ReadAsync(
                    "nix",
                    [
                        "--extra-experimental-features", "nix-command", "copy", "--no-check-sigs", "--from", server.Url,
                        "--to", $"local?root={target.PathOf("root")}", .. paths.Select(StoreDirectory.Default.Print),
                    ],
                    cancellationToken,
                    session.Store.Environment.For(session.Store.Environment.SharedUri, ("XDG_CACHE_HOME", target.PathOf("cache"))));
                session.Results.Add(title, server.Name, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
    }
}
