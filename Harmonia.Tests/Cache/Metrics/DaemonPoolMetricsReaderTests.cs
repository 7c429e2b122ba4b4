using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Client;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Metrics;

[NonParallelizable] // Other pools in this process would be counted too.
public sealed class DaemonPoolMetricsReaderTests
{
    [Test]
    public async Task A_daemon_that_is_away_is_counted_in_every_series_it_touches()
    {
        MetricRegistry registry = new();
        using DaemonPoolMetricsReader reader = new(registry);
        await using FakeDaemon daemon = new();
        await using DaemonPool pool = daemon.Pool(1);
        string before = await MetricSample.TextOfAsync(registry);

        Assert.That(
            async () => await pool.RunAsync((_, _) => Task.FromResult(true), CancellationToken.None),
            Throws.InstanceOf<DaemonUnavailableException>());

        string after = await MetricSample.TextOfAsync(registry);
        foreach ((string name, string labels) in (ReadOnlySpan<(string, string)>)[
            ("harmonia_daemon_connections_created_total", "status=\"error\""),
            ("harmonia_daemon_connection_errors_total", "error_type=\"creation_failed\"")])
        {
            Assert.That(
                MetricSample.ValueOf(after, name, labels), Is.EqualTo(MetricSample.ValueOf(before, name, labels) + 1), name);
        }
    }

    [Test]
    public async Task Connections_in_use_are_seen_while_they_are()
    {
        MetricRegistry registry = new();
        using DaemonPoolMetricsReader reader = new(registry);
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(2);

        string during = await pool.RunAsync((_, _) => MetricSample.TextOfAsync(registry), CancellationToken.None);
        string after = await MetricSample.TextOfAsync(registry);

        Assert.That(MetricSample.ValueOf(during, "harmonia_daemon_active_connections", ""), Is.EqualTo(1));
        Assert.That(MetricSample.ValueOf(after, "harmonia_daemon_active_connections", ""), Is.EqualTo(0));
        Assert.That(MetricSample.ValueOf(after, "harmonia_daemon_idle_connections", ""), Is.EqualTo(1));
        Assert.That(
            MetricSample.ValueOf(after, "harmonia_daemon_connection_acquire_duration_seconds_count", "outcome=\"created\""), Is.EqualTo(1));
    }
}
