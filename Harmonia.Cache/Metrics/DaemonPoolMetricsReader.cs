using System.Diagnostics.Metrics;
using System.Globalization;
using Harmonia.Protocol.Client;
using Prometheus;

namespace Harmonia.Cache.Metrics;

/// <summary>
/// Turns what the pool of daemon connections measures into metrics. Creates the series that are known beforehand. Those of the daemon's
/// operations appear when an operation is first used, apart from the ones that every cache uses.
/// </summary>
public sealed class DaemonPoolMetricsReader : IDisposable
{
    private static readonly double[] AcquireBounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];
    private static readonly double[] OperationBounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
    private static readonly string[] UsualOperations = ["IsValidPath", "QueryPathFromHashPart", "QueryPathInfo", "QueryPathInfosByHashPart"];
    private static readonly string[] Statuses = ["success", "error"];

    private readonly MeterListener _listener = new();
    private readonly MetricFactory _factory;
    private readonly Dictionary<string, Counter> _counters = [];
    private readonly Dictionary<string, Histogram> _histograms = [];
    private readonly Dictionary<string, Gauge> _gauges = [];
    private readonly Dictionary<string, int> _sums = [];

    public DaemonPoolMetricsReader(MetricRegistry registry)
    {
        _factory = registry.Factory;
        AddGauge("harmonia_daemon_active_connections", "Number of active connections to the Nix daemon");
        AddGauge("harmonia_daemon_idle_connections", "Number of idle connections to the Nix daemon");
        AddCounter("harmonia_daemon_connections_created_total", "Total number of Nix daemon connections created", "status", Statuses);
        AddHistogram(
            "harmonia_daemon_connection_acquire_duration_seconds", "Time to acquire a connection to the Nix daemon, in seconds",
            AcquireBounds, "outcome", "reused", "created", "timeout");
        AddCounter(
            "harmonia_daemon_connection_errors_total", "Total number of Nix daemon connection errors", "error_type",
            "timeout", "creation_failed", "broken", "interrupted");
        AddOperations("harmonia_daemon_operations_total", "Total number of Nix daemon operations");
        AddHistogram(
            "harmonia_daemon_operation_duration_seconds", "Time that Nix daemon operations take, in seconds",
            OperationBounds, "operation", UsualOperations);
        registry.AtScrape(ReadGauges);

        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == DaemonPool.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Gauged(instrument, value));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Counted(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    private void Counted(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_counters.TryGetValue(instrument.Name, out Counter? counter))
            counter.WithLabels(Values(tags)).Inc(value);
    }

    private void Measured(Instrument instrument, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_histograms.TryGetValue(instrument.Name, out Histogram? histogram))
            histogram.WithLabels(Values(tags)).Observe(seconds);
    }

    // Only ReadGauges causes this call. It adds up the figures of several pools.
    private void Gauged(Instrument instrument, int value) =>
        _sums[instrument.Name] = _sums.GetValueOrDefault(instrument.Name) + value;

    private void ReadGauges()
    {
        _sums.Clear();
        _listener.RecordObservableInstruments();
        foreach ((string name, Gauge gauge) in _gauges)
            gauge.Set(_sums.GetValueOrDefault(name));
    }

    private void AddGauge(string name, string help) => _gauges[name] = _factory.CreateGauge(name, help);

    private void AddCounter(string name, string help, string label, params string[] values)
    {
        Counter counter = _counters[name] = _factory.CreateCounter(name, help, label);
        foreach (string value in values)
            counter.WithLabels(value);
    }

    private void AddOperations(string name, string help)
    {
        Counter counter = _counters[name] = _factory.CreateCounter(name, help, "operation", "status");
        foreach (string operation in UsualOperations)
        {
            foreach (string status in Statuses)
                counter.WithLabels(operation, status);
        }
    }

    private void AddHistogram(string name, string help, double[] bounds, string label, params string[] values)
    {
        Histogram histogram = _histograms[name] = _factory.CreateHistogram(
            name, help, [label], new HistogramConfiguration { Buckets = bounds });
        foreach (string value in values)
            histogram.WithLabels(value);
    }

    // The pool gives its tags in the order of the labels. Asking the daemon costs a hundred times what this array does.
    private static string[] Values(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string[] values = new string[tags.Length];
        for (int tag = 0; tag < tags.Length; tag++)
            values[tag] = Convert.ToString(tags[tag].Value, CultureInfo.InvariantCulture) ?? "";
        return values;
    }
}
