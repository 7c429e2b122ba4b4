using System.Diagnostics.Metrics;
using System.Globalization;
using Harmonia.Protocol.Client;

namespace Harmonia.Cache.Metrics;

/// <summary>
/// Turns what the pool of daemon connections measures into series. Makes those that can be known beforehand; the daemon's operations
/// appear as they are used, but for the three that every cache uses.
/// </summary>
public sealed class DaemonPoolMetricsReader : IDisposable
{
    private static readonly double[] AcquireBounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];
    private static readonly double[] OperationBounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
    private static readonly string[] UsualOperations = ["IsValidPath", "QueryPathFromHashPart", "QueryPathInfo", "QueryPathInfosByHashPart"];
    private static readonly string[] Statuses = ["success", "error"];

    private readonly MeterListener _listener = new();
    private readonly Lock _reading = new();
    private readonly Dictionary<string, CounterFamily> _counters = [];
    private readonly Dictionary<string, HistogramFamily> _histograms = [];
    private readonly Dictionary<string, int> _gauges = [];

    public DaemonPoolMetricsReader()
    {
        Families =
        [
            Gauge("harmonia_daemon_active_connections", "Number of active connections to the Nix daemon"),
            Gauge("harmonia_daemon_idle_connections", "Number of idle connections to the Nix daemon"),
            Counter("harmonia_daemon_connections_created_total", "Total number of Nix daemon connections created",
                [.. Statuses.Select(status => MetricLabels.Format(("status", status)))]),
            Histogram("harmonia_daemon_connection_acquire_duration_seconds", "Time spent acquiring a connection to the Nix daemon",
                AcquireBounds, [.. Labels("outcome", "reused", "created", "timeout")]),
            Counter("harmonia_daemon_connection_errors_total", "Total number of Nix daemon connection errors",
                [.. Labels("error_type", "timeout", "creation_failed", "broken", "interrupted")]),
            Counter("harmonia_daemon_operations_total", "Total number of Nix daemon operations",
                [.. UsualOperations.SelectMany(_ => Statuses, (name, status) => MetricLabels.Format(("operation", name), ("status", status)))]),
            Histogram("harmonia_daemon_operation_duration_seconds", "Nix daemon operation latencies in seconds",
                OperationBounds, [.. Labels("operation", UsualOperations)]),
        ];

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

    public IReadOnlyList<IMetricFamily> Families { get; }

    public void Dispose() => _listener.Dispose();

    private void Counted(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_counters.TryGetValue(instrument.Name, out CounterFamily? family))
            family.Cell(Labels(tags)).Add(value);
    }

    private void Measured(Instrument instrument, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_histograms.TryGetValue(instrument.Name, out HistogramFamily? family))
            family.Cell(Labels(tags)).Record(TimeSpan.FromSeconds(seconds));
    }

    // Called by ReadGauge only, which holds the lock. Two pools make one figure.
    private void Gauged(Instrument instrument, int value) =>
        _gauges[instrument.Name] = _gauges.GetValueOrDefault(instrument.Name) + value;

    private double ReadGauge(string name)
    {
        lock (_reading)
        {
            _gauges.Clear();
            _listener.RecordObservableInstruments();
            return _gauges.GetValueOrDefault(name);
        }
    }

    private ReadFamily Gauge(string name, string help) => new(name, CounterFamily.Gauge, help, () => ReadGauge(name));

    private CounterFamily Counter(string name, string help, IReadOnlyList<string> series)
    {
        CounterFamily family = new(name, help);
        foreach (string labels in series)
            family.Cell(labels);
        return _counters[name] = family;
    }

    private HistogramFamily Histogram(string name, string help, double[] bounds, IReadOnlyList<string> series)
    {
        HistogramFamily family = new(name, help, bounds);
        foreach (string labels in series)
            family.Cell(labels);
        return _histograms[name] = family;
    }

    private static IEnumerable<string> Labels(string name, params IEnumerable<string> values) =>
        values.Select(value => MetricLabels.Format((name, value)));

    // A question to the daemon costs a hundred times what this text does.
    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        (string, string)[] labels = new (string, string)[tags.Length];
        for (int tag = 0; tag < tags.Length; tag++)
            labels[tag] = (tags[tag].Key, Convert.ToString(tags[tag].Value, CultureInfo.InvariantCulture) ?? "");
        return MetricLabels.Format(labels);
    }
}
