namespace Harmonia.Cache.Metrics;

/// <summary>What the stored NARs save and cost. All of it is 0 when none are stored.</summary>
public sealed class NarCacheMetrics
{
    private readonly CounterCell _hits;
    private readonly CounterCell _makings;
    private readonly CounterCell _streamed;
    private readonly CounterCell _input;
    private readonly CounterCell _output;
    private readonly CounterCell _evictions;
    private readonly CounterCell _failures;
    private long _files;
    private long _bytes;

    public NarCacheMetrics()
    {
        List<IMetricFamily> families = new();
        _hits = Add("harmonia_nar_cache_hits_total", "Total number of requests answered from a stored NAR");
        _makings = Add("harmonia_nar_cache_makings_total", "Total number of NARs compressed to be stored");
        _streamed = Add("harmonia_nar_cache_streams_total", "Total number of NARs compressed for one client, because they could not be stored");
        _input = Add("harmonia_nar_cache_input_bytes_total", "Total number of bytes of NARs compressed to be stored");
        _output = Add("harmonia_nar_cache_output_bytes_total", "Total number of bytes that compression made of them");
        _evictions = Add("harmonia_nar_cache_evictions_total", "Total number of stored NARs that had to go for others");
        _failures = Add("harmonia_nar_cache_failures_total", "Total number of NARs that could not be made or stored");
        families.Add(new ReadFamily(
            "harmonia_nar_cache_files", CounterFamily.Gauge, "Number of stored NARs, and of notes that one is not worth it",
            () => Interlocked.Read(ref _files)));
        families.Add(new ReadFamily(
            "harmonia_nar_cache_bytes", CounterFamily.Gauge, "Disk space of stored NARs in bytes", () => Interlocked.Read(ref _bytes)));
        Families = families;

        CounterCell Add(string name, string help)
        {
            CounterFamily family = new(name, help);
            families.Add(family);
            return family.Cell(MetricLabels.None);
        }
    }

    public IReadOnlyList<IMetricFamily> Families { get; }

    /// <summary>A request was answered from a stored file.</summary>
    public void Hit() => _hits.Add(1);

    /// <summary>A NAR was compressed for all who wait for it.</summary>
    public void Made(long inputBytes, long outputBytes)
    {
        _makings.Add(1);
        _input.Add(inputBytes);
        _output.Add(outputBytes);
    }

    /// <summary>A NAR is compressed for one client and not stored.</summary>
    public void Streamed() => _streamed.Add(1);

    public void Evicted() => _evictions.Add(1);

    public void Failed() => _failures.Add(1);

    /// <summary>What is stored by now.</summary>
    public void Holds(long files, long bytes)
    {
        Interlocked.Exchange(ref _files, files);
        Interlocked.Exchange(ref _bytes, bytes);
    }
}
