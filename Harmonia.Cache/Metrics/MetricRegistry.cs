using Prometheus;

namespace Harmonia.Cache.Metrics;

/// <summary>
/// The metrics of one cache. They have a registry of their own, because prometheus-net adds metrics to its default one that
/// docs/metrics.md does not list.
/// </summary>
public sealed class MetricRegistry
{
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly List<Action> _readings = new();
    private readonly Lock _reading = new();

    public MetricRegistry()
    {
        Factory = Prometheus.Metrics.WithCustomRegistry(_registry);
        // By default each increment looks for a trace to link to.
        Factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
    }

    /// <summary>Creates metrics that are updated when something happens.</summary>
    public MetricFactory Factory { get; }

    /// <summary>Adds a gauge that is read at each scrape.</summary>
    public void AddGauge(string name, string help, Func<double> read)
    {
        Gauge gauge = Factory.CreateGauge(name, help);
        AtScrape(() => gauge.Set(read()));
    }

    /// <summary>Adds a gauge with one label that is read at each scrape.</summary>
    public void AddGauge(string name, string help, string label, IEnumerable<(string Value, Func<double> Read)> series)
    {
        Gauge gauge = Factory.CreateGauge(name, help, label);
        foreach ((string value, Func<double> read) in series)
        {
            Gauge.Child child = gauge.WithLabels(value);
            AtScrape(() => child.Set(read()));
        }
    }

    /// <summary>Adds a counter that is read at each scrape.</summary>
    public void AddCounter(string name, string help, Func<double> read)
    {
        Counter counter = Factory.CreateCounter(name, help);
        AtScrape(() => counter.IncTo(read()));
    }

    /// <summary>Adds a counter with one label that is read at each scrape.</summary>
    public void AddCounter(string name, string help, string label, IEnumerable<(string Value, Func<double> Read)> series)
    {
        Counter counter = Factory.CreateCounter(name, help, label);
        foreach ((string value, Func<double> read) in series)
        {
            Counter.Child child = counter.WithLabels(value);
            AtScrape(() => child.IncTo(read()));
        }
    }

    /// <summary>Adds an action that updates metrics before each scrape. Actions never run at the same time.</summary>
    public void AtScrape(Action reading)
    {
        lock (_reading)
            _readings.Add(reading);
    }

    /// <summary>Returns the whole text. Several threads may call this at once.</summary>
    /// <exception cref="InvalidOperationException">A value cannot be read.</exception>
    public async Task<ReadOnlyMemory<byte>> CollectAsync(ExpositionFormat format, CancellationToken cancellationToken)
    {
        Read();
        using MemoryStream text = new();
        await _registry.CollectAndExportAsTextAsync(text, format, cancellationToken);
        return text.GetBuffer().AsMemory(0, (int)text.Length);
    }

    // The library would call the readings too, but it ignores their exceptions: Prometheus would take old values for new ones.
    private void Read()
    {
        lock (_reading)
        {
            try
            {
                foreach (Action reading in _readings)
                    reading();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // As it is, it would become a 404, since elsewhere it means that a file of the store is missing.
                throw new InvalidOperationException($"A metric cannot be read: {exception.Message}", exception);
            }
        }
    }
}
