using BenchmarkDotNet.Attributes;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;

namespace Harmonia.Benchmarks;

/// <summary>What the metrics cost each request, and what a scrape costs.</summary>
[MemoryDiagnoser]
public class MetricsBenchmarks
{
    private static readonly TimeSpan Duration = TimeSpan.FromMicroseconds(400);

    private readonly HttpMetrics _http = new(RoutePaths.All);

    [Benchmark]
    public void Record()
    {
        _http.Began();
        _http.Ended(path: 2, "GET", status: 200, Duration, Duration, bytes: 700);
    }

    [Benchmark]
    public byte[] Scrape()
    {
        MetricText text = new();
        foreach (IMetricFamily family in _http.Families)
            family.Write(text);
        return text.ToUtf8();
    }
}
