using System.Runtime.InteropServices;
using Harmonia.Cache.Http;

namespace Harmonia.Cache.Metrics;

/// <summary>
/// The metrics of the cache, apart from <see cref="MemoryMetrics"/>. Lives from before the first request until after the last.
/// </summary>
public sealed class CacheMetrics : IDisposable
{
    private readonly DaemonPoolMetricsReader _pool;

    /// <param name="paths">The kinds of URL, by the order of <see cref="RouteKind"/>.</param>
    /// <param name="statistics">The figures that the landing page shows too.</param>
    /// <param name="version">The version of this program.</param>
    public CacheMetrics(IReadOnlyList<HttpPath> paths, CacheStatistics statistics, string version)
    {
        Http = new HttpMetrics(Registry.Factory, paths);
        AddStatistics(statistics);
        Compression = new CompressionMetrics(Registry.Factory);
        NarCache = new NarCacheMetrics(Registry.Factory);
        _pool = new DaemonPoolMetricsReader(Registry);
        Registry.Factory
            .CreateGauge("harmonia_build_info", "Always 1; the labels name the version and the runtime", "version", "runtime")
            .WithLabels(version, RuntimeInformation.FrameworkDescription)
            .Set(1);
        ProcessMetrics.Add(Registry);
    }

    /// <summary>Where all metrics are, for a scrape.</summary>
    public MetricRegistry Registry { get; } = new();

    public HttpMetrics Http { get; }

    public CompressionMetrics Compression { get; }

    public NarCacheMetrics NarCache { get; }

    public void Dispose() => _pool.Dispose();

    private void AddStatistics(CacheStatistics statistics)
    {
        Registry.AddCounter(
            "harmonia_narinfo_lookups_total", "Total number of narinfo requests, by whether the store has the path", "result",
            [("hit", () => statistics.NarInfoHits), ("miss", () => statistics.NarInfoMisses)]);
        Registry.AddCounter(
            "harmonia_lookups_total", "Total number of store path lookups by hash part", "outcome",
            Enum.GetValues<LookupOutcome>().Select(outcome => (NameOf(outcome), Count(statistics, outcome))));
        Registry.AddGauge(
            "harmonia_daemon_announces_changes", "1 while the Nix daemon announces changes of its database, otherwise 0",
            () => statistics.IsWatched ? 1 : 0);
        Registry.AddGauge(
            "harmonia_corrupt_paths", "Number of store paths out of service because their files do not match the database",
            () => statistics.Quarantine);
    }

    private static Func<double> Count(CacheStatistics statistics, LookupOutcome outcome) => () => statistics[outcome];

    private static string NameOf(LookupOutcome outcome) => outcome switch
    {
        LookupOutcome.Hit => "hit",
        LookupOutcome.Shared => "shared",
        LookupOutcome.Miss => "miss",
        LookupOutcome.Revalidated => "revalidated",
        _ => "changed",
    };
}
