using System.Diagnostics.Metrics;
using Harmonia.Protocol.Messages;

namespace Harmonia.Protocol.Client;

/// <summary>
/// The instruments of one <see cref="DaemonPool"/>, in the meter <see cref="DaemonPool.MeterName"/>. Each is named as the Prometheus
/// family it becomes.
/// </summary>
internal sealed class DaemonPoolMetrics : IDisposable
{
    private readonly Meter _meter = new(DaemonPool.MeterName);
    private readonly Counter<long> _created;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _operations;
    private readonly Histogram<double> _acquireDuration;
    private readonly Histogram<double> _operationDuration;
    private int _idle;

    /// <param name="countActive">The number of connections in use.</param>
    public DaemonPoolMetrics(Func<int> countActive)
    {
        _meter.CreateObservableGauge(
            "harmonia_daemon_active_connections", countActive, description: "Number of active connections to the Nix daemon");
        _meter.CreateObservableGauge(
            "harmonia_daemon_idle_connections",
            () => Volatile.Read(ref _idle),
            description: "Number of idle connections to the Nix daemon");
        _created = _meter.CreateCounter<long>(
            "harmonia_daemon_connections_created_total", description: "Total number of Nix daemon connections created");
        _errors = _meter.CreateCounter<long>(
            "harmonia_daemon_connection_errors_total", description: "Total number of Nix daemon connection errors");
        _operations = _meter.CreateCounter<long>(
            "harmonia_daemon_operations_total", description: "Total number of Nix daemon operations");
        _acquireDuration = CreateHistogram(
            "harmonia_daemon_connection_acquire_duration_seconds",
            "Time spent acquiring a connection to the Nix daemon",
            [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1]);
        _operationDuration = CreateHistogram(
            "harmonia_daemon_operation_duration_seconds",
            "Nix daemon operation latencies in seconds",
            [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]);
    }

    public void IdleChanged(int change) => Interlocked.Add(ref _idle, change);

    public void Created(bool success)
    {
        _created.Add(1, new KeyValuePair<string, object?>("status", success ? "success" : "error"));
        if (!success)
            Failed("creation_failed");
    }

    public void Acquired(bool reused, TimeSpan duration) =>
        _acquireDuration.Record(
            duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", reused ? "reused" : "created"));

    public void AcquireTimedOut(TimeSpan duration)
    {
        _acquireDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", "timeout"));
        Failed("timeout");
    }

    /// <summary>A connection is closed because the daemon broke it, or spoke out of turn.</summary>
    public void Broken() => Failed("broken");

    /// <summary>A connection is closed because its caller gave up in the middle of an operation.</summary>
    public void Interrupted() => Failed("interrupted");

    public void OperationEnded(Operation operation, bool success, TimeSpan duration)
    {
        KeyValuePair<string, object?> name = new("operation", operation.ToString());
        _operations.Add(1, name, new KeyValuePair<string, object?>("status", success ? "success" : "error"));
        _operationDuration.Record(duration.TotalSeconds, name);
    }

    public void Dispose() => _meter.Dispose();

    private Histogram<double> CreateHistogram(string name, string description, double[] buckets) =>
        _meter.CreateHistogram(
            name, unit: "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });

    private void Failed(string kind) => _errors.Add(1, new KeyValuePair<string, object?>("error_type", kind));
}
