using Harmonia.Cache.Limits;

namespace Harmonia.Cache.Metrics;

/// <summary>What the caches in memory hold.</summary>
public static class MemoryMetrics
{
    /// <summary>Adds the metrics of these caches.</summary>
    public static void Add(MetricRegistry registry, IReadOnlyList<CacheUsage> caches)
    {
        registry.AddGauge(
            "harmonia_memory_bytes", "Memory that each cache takes, in bytes", "cache", Series(caches, cache => cache.Bytes));
        registry.AddGauge(
            "harmonia_memory_entries", "Number of entries in each cache in memory", "cache", Series(caches, cache => cache.Entries));
        registry.AddCounter(
            "harmonia_memory_evictions_total", "Total number of entries evicted from each cache in memory", "cache",
            Series(caches, cache => cache.Evictions));
    }

    private static IEnumerable<(string Value, Func<double> Read)> Series(
        IReadOnlyList<CacheUsage> caches, Func<CacheUsage, Func<long>> figureOf)
    {
        foreach (CacheUsage cache in caches)
        {
            Func<long> figure = figureOf(cache);
            yield return (cache.Name, () => figure());
        }
    }
}
