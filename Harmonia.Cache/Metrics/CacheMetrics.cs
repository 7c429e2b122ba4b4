using System.Runtime.InteropServices;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;

namespace Harmonia.Cache.Metrics;

/// <summary>Every metric of the cache. Lives from before the first request until after the last.</summary>
public sealed class CacheMetrics : IDisposable
{
    private readonly DaemonPoolMetricsReader _pool = new();
    private readonly IReadOnlyList<IMetricFamily> _families;

    /// <param name="paths">The kinds of URL, by the index that requests are recorded with.</param>
    /// <param name="statistics">What is counted for people too.</param>
    /// <param name="version">This program's.</param>
    /// <param name="memory">What is kept in memory.</param>
    /// <param name="narCache">The stored NARs.</param>
    public CacheMetrics(
        IReadOnlyList<HttpPath> paths, CacheStatistics statistics, string version, IReadOnlyList<CacheUsage> memory,
        NarCacheMetrics narCache)
    {
        Http = new HttpMetrics(paths);
        string build = MetricLabels.Format(("version", version), ("runtime", RuntimeInformation.FrameworkDescription));
        _families =
        [
            .. Http.Families,
            new ReadFamily("harmonia_narinfo_lookups_total", CounterFamily.Counter, "Total number of narinfos asked for",
                (MetricLabels.Format(("result", "hit")), () => statistics.NarInfoHits),
                (MetricLabels.Format(("result", "miss")), () => statistics.NarInfoMisses)),
            .. MemoryMetrics.Families(memory, statistics.Lookups),
            new ReadFamily("harmonia_corrupt_paths", CounterFamily.Gauge,
                "Number of store paths out of service because their files are not what the database says", () => statistics.Quarantine),
            .. Compression.Families,
            .. narCache.Families,
            .. _pool.Families,
            new ReadFamily("harmonia_build_info", CounterFamily.Gauge, "Always 1; the labels tell what is running", (build, () => 1)),
            .. ProcessMetrics.Families,
        ];
    }

    public HttpMetrics Http { get; }

    public CompressionMetrics Compression { get; } = new();

    /// <summary>The names of all metrics, in the order of the text.</summary>
    public IEnumerable<string> Names => _families.Select(family => family.Name);

    /// <summary>The whole text as Prometheus reads it. May run on several threads at once.</summary>
    public byte[] Render()
    {
        MetricText text = new();
        foreach (IMetricFamily family in _families)
            family.Write(text);
        return text.ToUtf8();
    }

    public void Dispose() => _pool.Dispose();
}
