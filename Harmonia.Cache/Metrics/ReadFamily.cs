namespace Harmonia.Cache.Metrics;

/// <summary>A counter or gauge whose values are read when they are asked for.</summary>
/// <param name="name">Its name.</param>
/// <param name="type"><see cref="CounterFamily.Counter"/> or <see cref="CounterFamily.Gauge"/>.</param>
/// <param name="help">What it tells.</param>
/// <param name="series">The labels of each series and what reads it.</param>
public sealed class ReadFamily(
    string name, string type, string help, params IReadOnlyList<(string Labels, Func<double> Read)> series) : IMetricFamily
{
    /// <summary>One without labels.</summary>
    public ReadFamily(string name, string type, string help, Func<double> read)
        : this(name, type, help, (MetricLabels.None, read))
    {
    }

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public void Write(MetricText text)
    {
        text.Family(name, type, help);
        foreach ((string labels, Func<double> read) in series)
            text.Sample(name, labels, read());
    }
}
