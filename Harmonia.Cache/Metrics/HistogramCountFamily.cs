namespace Harmonia.Cache.Metrics;

/// <summary>A counter with the labels of a histogram, which has counted already: so an event costs one cell and not two.</summary>
public sealed class HistogramCountFamily(string name, string help, HistogramFamily histogram) : IMetricFamily
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public void Write(MetricText text)
    {
        text.Family(name, CounterFamily.Counter, help);
        foreach ((string labels, HistogramCell cell) in histogram.Cells)
            text.Sample(name, labels, cell.Count);
    }
}
