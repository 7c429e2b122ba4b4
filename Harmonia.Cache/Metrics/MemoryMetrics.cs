using Harmonia.Cache.Limits;

namespace Harmonia.Cache.Metrics;

/// <summary>What is kept in memory and how often it helped.</summary>
public static class MemoryMetrics
{
    public static IReadOnlyList<IMetricFamily> Families(IReadOnlyList<CacheUsage> caches, LookupStatistics lookups) =>
    [
        new ReadFamily("harmonia_lookups_total", CounterFamily.Counter, "Total number of lookups of a store path by its hash part",
            [.. Enum.GetValues<LookupOutcome>().Select(outcome => (MetricLabels.Format(("outcome", Name(outcome))), Read(() => lookups[outcome])))]),
        new ReadFamily("harmonia_memory_bytes", CounterFamily.Gauge, "Bytes of what is kept in memory",
            [.. caches.Select(cache => (Labels(cache), Read(cache.Bytes)))]),
        new ReadFamily("harmonia_memory_entries", CounterFamily.Gauge, "Number of values kept in memory",
            [.. caches.Select(cache => (Labels(cache), Read(cache.Entries)))]),
        new ReadFamily("harmonia_memory_evictions_total", CounterFamily.Counter, "Total number of values that had to go for others",
            [.. caches.Select(cache => (Labels(cache), Read(cache.Evictions)))]),
        new ReadFamily("harmonia_daemon_announces_changes", CounterFamily.Gauge, "1 while the Nix daemon announces changes of its database",
            () => lookups.IsWatched ? 1 : 0),
    ];

    private static string Labels(CacheUsage cache) => MetricLabels.Format(("cache", cache.Name));

    private static Func<double> Read(Func<long> figure) => () => figure();

    private static string Name(LookupOutcome outcome) => outcome switch
    {
        LookupOutcome.Hit => "hit",
        LookupOutcome.Shared => "shared",
        LookupOutcome.Miss => "miss",
        LookupOutcome.Revalidated => "revalidated",
        _ => "changed",
    };
}
