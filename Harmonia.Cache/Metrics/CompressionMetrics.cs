using Prometheus;

namespace Harmonia.Cache.Metrics;

/// <summary>What compressing responses costs and saves.</summary>
public sealed class CompressionMetrics
{
    private static readonly string[] Codings = ["br", "gzip", "zstd"];

    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);

    public CompressionMetrics(MetricFactory factory)
    {
        Counter responses = factory.CreateCounter(
            "harmonia_compression_responses_total", "Total number of compressed responses", "coding");
        Counter input = factory.CreateCounter(
            "harmonia_compression_input_bytes_total", "Total number of bytes before compression", "coding");
        Counter output = factory.CreateCounter(
            "harmonia_compression_output_bytes_total", "Total number of bytes after compression", "coding");
        Gauge active = factory.CreateGauge("harmonia_compression_active_encoders", "Number of encoders in use", "coding");
        foreach (string coding in Codings)
        {
            _series[coding] = new Series(
                responses.WithLabels(coding), input.WithLabels(coding), output.WithLabels(coding), active.WithLabels(coding));
        }
    }

    /// <summary>Records that a response is about to be compressed. <see cref="Ended"/> must follow.</summary>
    /// <param name="coding">The content coding by its HTTP name.</param>
    public void Began(string coding)
    {
        Series series = _series[coding];
        series.Responses.Inc();
        series.Active.Inc();
    }

    /// <summary>Records that a response has been compressed, or as much of it as its client took.</summary>
    public void Ended(string coding, long inputBytes, long outputBytes)
    {
        Series series = _series[coding];
        series.Input.Inc(inputBytes);
        series.Output.Inc(outputBytes);
        series.Active.Dec();
    }

    private sealed record Series(Counter.Child Responses, Counter.Child Input, Counter.Child Output, Gauge.Child Active);
}
