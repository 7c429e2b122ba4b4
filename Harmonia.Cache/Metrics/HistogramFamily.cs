using System.Collections.Concurrent;

namespace Harmonia.Cache.Metrics;

/// <summary>A histogram of durations in seconds: one cell for each combination of labels.</summary>
public sealed class HistogramFamily : IMetricFamily
{
    private readonly ConcurrentDictionary<string, HistogramCell> _cells = new(StringComparer.Ordinal);
    private readonly string _help;
    private readonly double[] _bounds;
    private readonly string[] _boundTexts;

    /// <param name="name">Its name, which ends in <c>_seconds</c>.</param>
    /// <param name="help">What it measures.</param>
    /// <param name="bounds">The upper bounds of its buckets in seconds, ascending, without the infinite one.</param>
    public HistogramFamily(string name, string help, IReadOnlyList<double> bounds)
    {
        (Name, _help, _bounds) = (name, help, [.. bounds]);
        _boundTexts = [.. _bounds.Append(double.PositiveInfinity).Select(bound => $"le=\"{MetricText.Number(bound)}\"")];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The cells with their labels, sorted by these.</summary>
    public IEnumerable<KeyValuePair<string, HistogramCell>> Cells => _cells.OrderBy(cell => cell.Key, StringComparer.Ordinal);

    /// <summary>The cell for these labels, made empty when it is new. Callers keep it.</summary>
    public HistogramCell Cell(string labels) => _cells.GetOrAdd(labels, _ => new HistogramCell(_bounds));

    /// <inheritdoc/>
    public void Write(MetricText text)
    {
        text.Family(Name, "histogram", _help);
        foreach ((string labels, HistogramCell cell) in Cells)
        {
            long[] counts = cell.Cumulate();
            for (int bucket = 0; bucket < counts.Length; bucket++)
                text.Sample($"{Name}_bucket", labels.Length == 0 ? _boundTexts[bucket] : $"{labels},{_boundTexts[bucket]}", counts[bucket]);
            text.Sample($"{Name}_sum", labels, cell.Sum.TotalSeconds);
            text.Sample($"{Name}_count", labels, counts[^1]);
        }
    }
}
