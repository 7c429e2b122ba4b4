namespace Harmonia.Cache.Metrics;

/// <summary>What compressing answers costs and saves.</summary>
public sealed class CompressionMetrics
{
    /// <summary>The content codings that have series from the start.</summary>
    public static IReadOnlyList<string> Codings { get; } = ["br", "gzip", "zstd"];

    private readonly CounterFamily _input = new(
        "harmonia_compression_input_bytes_total", "Total number of bytes given to compression");

    private readonly CounterFamily _output = new(
        "harmonia_compression_output_bytes_total", "Total number of bytes that compression made of them");

    private readonly CounterFamily _responses = new("harmonia_compression_responses_total", "Total number of compressed responses");
    private readonly CounterFamily _active = new(
        "harmonia_compression_active_encoders", "Number of encoders in use", CounterFamily.Gauge);

    public CompressionMetrics()
    {
        Families = [_responses, _input, _output, _active];
        foreach (string coding in Codings)
        {
            string labels = Labels(coding);
            foreach (CounterFamily family in (ReadOnlySpan<CounterFamily>)[_responses, _input, _output, _active])
                family.Cell(labels);
        }
    }

    public IReadOnlyList<IMetricFamily> Families { get; }

    /// <summary>A response is about to be compressed; <see cref="Ended"/> must follow.</summary>
    /// <param name="coding">The content coding by its HTTP name.</param>
    public void Began(string coding)
    {
        string labels = Labels(coding);
        _responses.Cell(labels).Add(1);
        _active.Cell(labels).Add(1);
    }

    /// <summary>A response has been compressed, or as much of it as its client took.</summary>
    public void Ended(string coding, long inputBytes, long outputBytes)
    {
        string labels = Labels(coding);
        _input.Cell(labels).Add(inputBytes);
        _output.Cell(labels).Add(outputBytes);
        _active.Cell(labels).Add(-1);
    }

    private static string Labels(string coding) => MetricLabels.Format(("coding", coding));
}
