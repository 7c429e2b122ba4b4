using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Load;

/// <summary>What is asked of a server, in random order. URLs of NARs are its own: each server has the right to choose them.</summary>
internal sealed class RequestTargets(BenchmarkStore store)
{
    private const int MissCount = 100;
    private const int Questions = 8;

    /// <summary>The narinfos of paths.</summary>
    public static IReadOnlyList<string> NarInfos(IEnumerable<StorePath> paths) => [.. paths.Select(static path => $"/{path.Hash}.narinfo")];

    /// <summary>The listings of paths.</summary>
    public static IReadOnlyList<string> Listings(IEnumerable<StorePath> paths) => [.. paths.Select(static path => $"/{path.Hash}.ls")];

    /// <summary>The NARs of paths, as the server's narinfos name them.</summary>
    public static async Task<IReadOnlyList<string>> NarsAsync(Server server, IEnumerable<StorePath> paths, CancellationToken cancellationToken)
    {
        StorePath[] all = [.. paths];
        string[] targets = new string[all.Length];
        ParallelOptions options = new() { MaxDegreeOfParallelism = Questions, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, all.Length, options, async (n, cancellation) =>
            targets[n] = $"/{await server.NarUrlAsync(all[n], cancellation)}");
        return targets;
    }

    /// <summary>Narinfos of paths that no store has.</summary>
    public static Task<IReadOnlyList<string>> MissesAsync(Server server, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. Enumerable.Range(1, MissCount).Select(static number => $"/{number:D32}.narinfo")]);

    public static Task<IReadOnlyList<string>> CacheInfoAsync(Server server, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(["/nix-cache-info"]);

    public static Task<IReadOnlyList<string>> SmallNarInfosAsync(Server server, CancellationToken cancellationToken) =>
        Task.FromResult(NarInfos(BenchmarkStore.Generated));

    public static Task<IReadOnlyList<string>> SmallNarsAsync(Server server, CancellationToken cancellationToken) =>
        NarsAsync(server, BenchmarkStore.Generated, cancellationToken);

    /// <summary>The listing of 20,000 files.</summary>
    public Task<IReadOnlyList<string>> ListingAsync(Server server, CancellationToken cancellationToken) =>
        Task.FromResult(Listings([store.Large(BenchmarkStore.TinyFiles)]));

    /// <summary>The NAR of a file of 500 MB.</summary>
    public Task<IReadOnlyList<string>> LargeNarAsync(Server server, CancellationToken cancellationToken) =>
        NarsAsync(server, [store.Large(BenchmarkStore.RandomBytes)], cancellationToken);
}
