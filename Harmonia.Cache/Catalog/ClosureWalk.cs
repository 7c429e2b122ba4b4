using System.Diagnostics;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>Adds up a closure, as far as that takes little time.</summary>
public sealed class ClosureWalk(IStoreCatalog catalog)
{
    // A large system has some thousand paths.
    private const int MaxPaths = 5000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    // harmonia-daemon answers the lookups that wait at the same time in one exchange.
    private const int AtOnce = 256;

    /// <summary>The size of the closure. Fails with the exceptions of the daemon's client, but for its time-out.</summary>
    public async Task<ClosureSize> MeasureAsync(ValidPathInfo start, CancellationToken cancellationToken)
    {
        long begin = Stopwatch.GetTimestamp();
        HashSet<StorePathHash> seen = [start.Path.Hash];
        Queue<StorePathHash> ahead = new();
        ClosureSize size = new(0, 0, IsWhole: true);
        ValidPathInfo?[] found = [start];
        while (true)
        {
            foreach (ValidPathInfo? path in found)
                size = Add(size, path);
            foreach (StorePath reference in found.SelectMany(path => path?.Info.References ?? []))
            {
                if (seen.Count < MaxPaths && seen.Add(reference.Hash))
                    ahead.Enqueue(reference.Hash);
            }

            if (ahead.Count == 0)
                return size with { IsWhole = size.IsWhole && seen.Count < MaxPaths };
            TimeSpan left = MaxTime - Stopwatch.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero)
                return size with { IsWhole = false };
            try
            {
                found = await FindAsync(ahead, cancellationToken).WaitAsync(left, cancellationToken);
            }
            catch (TimeoutException)
            {
                return size with { IsWhole = false };
            }
        }
    }

    // A path that is missing or has no size makes the sum too small.
    private static ClosureSize Add(ClosureSize size, ValidPathInfo? path) => path is null
        ? size with { IsWhole = false }
        : new ClosureSize(size.Paths + 1, size.Bytes + path.Info.NarSize, size.IsWhole && path.Info.NarSize > 0);

    private Task<ValidPathInfo?[]> FindAsync(Queue<StorePathHash> ahead, CancellationToken cancellationToken)
    {
        List<Task<ValidPathInfo?>> lookups = [];
        while (lookups.Count < AtOnce && ahead.TryDequeue(out StorePathHash hash))
            lookups.Add(catalog.FindAsync(hash, cancellationToken).AsTask());
        return Task.WhenAll(lookups);
    }
}
