using BenchmarkDotNet.Attributes;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Prometheus;

namespace Harmonia.Benchmarks;

/// <summary>What the metrics cost each request, and what a scrape costs.</summary>
[MemoryDiagnoser]
public class MetricsBenchmarks
{
    private static readonly TimeSpan Duration = TimeSpan.FromMicroseconds(400);

    private readonly MetricRegistry _registry = new();
    private readonly HttpMetrics _http;

    public MetricsBenchmarks() => _http = new HttpMetrics(_registry.Factory, RoutePaths.All);

    [Benchmark]
    public void Record()
    {
        _http.Began();
        _http.Ended(RouteKind.NarInfo, "GET", status: 200, Duration, Duration, bytes: 700);
    }

    [Benchmark]
    public Task<ReadOnlyMemory<byte>> Scrape() => _registry.CollectAsync(ExpositionFormat.PrometheusText, CancellationToken.None);
}
