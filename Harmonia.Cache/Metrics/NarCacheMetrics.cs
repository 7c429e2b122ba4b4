using Prometheus;

namespace Harmonia.Cache.Metrics;

/// <summary>What the stored NARs save and cost. All of it is 0 when none are stored.</summary>
public sealed class NarCacheMetrics(MetricFactory factory)
{
    private readonly Counter _hits = factory.CreateCounter(
        "harmonia_nar_cache_hits_total", "Total number of requests answered from a stored NAR");

    private readonly Counter _makings = factory.CreateCounter(
        "harmonia_nar_cache_makings_total", "Total number of NARs compressed to be stored");

    private readonly Counter _streamed = factory.CreateCounter(
        "harmonia_nar_cache_streams_total", "Total number of NARs compressed for one client because they could not be stored");

    private readonly Counter _input = factory.CreateCounter(
        "harmonia_nar_cache_input_bytes_total", "Total number of bytes of NARs before they were compressed to be stored");

    private readonly Counter _output = factory.CreateCounter(
        "harmonia_nar_cache_output_bytes_total", "Total number of bytes of NARs after they were compressed to be stored");

    private readonly Counter _evictions = factory.CreateCounter(
        "harmonia_nar_cache_evictions_total", "Total number of stored NARs evicted to make room");

    private readonly Counter _failures = factory.CreateCounter(
        "harmonia_nar_cache_failures_total", "Total number of NARs that could not be compressed or stored");

    private readonly Gauge _files = factory.CreateGauge(
        "harmonia_nar_cache_files", "Number of stored NARs, and of marks for NARs that are not worth compressing");

    private readonly Gauge _bytes = factory.CreateGauge("harmonia_nar_cache_bytes", "Disk space of stored NARs in bytes");

    /// <summary>Records that a request was answered from a stored file.</summary>
    public void Hit() => _hits.Inc();

    /// <summary>Records that a NAR was compressed for all clients that wait for it.</summary>
    public void Made(long inputBytes, long outputBytes)
    {
        _makings.Inc();
        _input.Inc(inputBytes);
        _output.Inc(outputBytes);
    }

    /// <summary>Records that a NAR is compressed for one client and not stored.</summary>
    public void Streamed() => _streamed.Inc();

    public void Evicted() => _evictions.Inc();

    public void Failed() => _failures.Inc();

    /// <summary>Sets what is stored now.</summary>
    public void Holds(long files, long bytes)
    {
        _files.Set(files);
        _bytes.Set(bytes);
    }
}
