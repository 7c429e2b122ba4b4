using System.Collections.Concurrent;

namespace Harmonia.Cache.Metrics;

/// <summary>A counter, or a gauge that is counted up and down: one cell for each combination of labels.</summary>
public sealed class CounterFamily(string name, string help, string type = CounterFamily.Counter) : IMetricFamily
{
    public const string Counter = "counter";
    public const string Gauge = "gauge";

    private readonly ConcurrentDictionary<string, CounterCell> _cells = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>The cell for these labels, made at 0 when it is new. Callers keep it.</summary>
    public CounterCell Cell(string labels) => _cells.GetOrAdd(labels, static _ => new CounterCell());

    /// <inheritdoc/>
    public void Write(MetricText text)
    {
        text.Family(name, type, help);
        foreach ((string labels, CounterCell cell) in _cells.OrderBy(cell => cell.Key, StringComparer.Ordinal))
            text.Sample(name, labels, cell.Value);
    }
}
