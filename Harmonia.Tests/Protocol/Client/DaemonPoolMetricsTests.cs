using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Harmonia.Protocol.Client;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Protocol.Client.DaemonPoolTests;

namespace Harmonia.Tests.Protocol.Client;

/// <summary>Does not run in parallel with other tests, because it listens to the instruments of all pools in the process.</summary>
[NonParallelizable]
public sealed class DaemonPoolMetricsTests
{
    private readonly ConcurrentDictionary<string, double> _measured = new();
    private MeterListener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _measured.Clear();
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == DaemonPool.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => _measured[instrument.Name] = value);
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, tags, value));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags, 1));
        _listener.Start();
    }

    [TearDown]
    public void StopListening() => _listener.Dispose();

    [Test]
    public async Task Connections_and_operations_are_counted()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(2);
        AssertGauges(active: 0, idle: 0);

        await AskAsync(pool, 1);
        await AskAsync(pool, 2);
        AssertGauges(active: 0, idle: 1);
        await pool.RunAsync(
            (_, _) =>
            {
                AssertGauges(active: 1, idle: 0);
                return Task.CompletedTask;
            },
            default);

        AssertMeasured("harmonia_daemon_connections_created_total success", 1);
        AssertMeasured("harmonia_daemon_connection_acquire_duration_seconds created", 1);
        AssertMeasured("harmonia_daemon_connection_acquire_duration_seconds reused", 2);
        AssertMeasured("harmonia_daemon_operations_total QueryPathFromHashPart success", 2);
        AssertMeasured("harmonia_daemon_operation_duration_seconds QueryPathFromHashPart", 2);
    }

    [Test]
    public async Task A_connection_that_cannot_be_opened_is_counted()
    {
        await using FakeDaemon daemon = new();
        await using DaemonPool pool = daemon.Pool(2);

        Assert.That(() => AskAsync(pool, 1), Throws.InstanceOf<IOException>());

        AssertMeasured("harmonia_daemon_connections_created_total error", 1);
        AssertMeasured("harmonia_daemon_connection_errors_total creation_failed", 1);
        AssertGauges(active: 0, idle: 0);
    }

    [Test]
    public async Task Broken_and_cancelled_connections_are_counted_separately()
    {
        TaskCompletionSource asked = new();
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await session.ReadOperationAsync(token);
            if (session.Number == 1)
            {
                asked.SetResult();
                await FakeSession.NeverAsync(token);
            }
        });
        await using DaemonPool pool = daemon.Pool(2);
        using CancellationTokenSource giveUp = new();

        Assert.That(() => AskAsync(pool, 1), Throws.InstanceOf<IOException>());
        Task interrupted = AskAsync(pool, 2, giveUp.Token);
        await asked.Task.InTime();
        await giveUp.CancelAsync();
        Assert.That(async () => await interrupted.InTime(), Throws.InstanceOf<OperationCanceledException>());

        AssertMeasured("harmonia_daemon_connection_errors_total broken", 1);
        AssertMeasured("harmonia_daemon_operations_total QueryPathFromHashPart error", 2);
        AssertGauges(active: 0, idle: 0);
    }

    [Test]
    public async Task After_a_restart_the_first_caller_drops_every_dead_connection()
    {
        const int Connections = 5;
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(Connections);
        using CountdownEvent allIn = new(Connections);
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => pool.RunAsync(
            (_, token) =>
            {
                allIn.Signal();
                allIn.Wait(token);
                return Task.CompletedTask;
            },
            default)))).InTime();
        AssertGauges(active: 0, idle: Connections);
        await daemon.KillAsync();
        daemon.Start();

        await AskAsync(pool, 1);

        AssertGauges(active: 0, idle: 1);
        AssertMeasured("harmonia_daemon_connections_created_total success", Connections + 1);
        AssertMeasured("harmonia_daemon_connection_errors_total broken", Connections);
    }

    [Test]
    public async Task A_caller_that_waits_too_long_is_counted()
    {
        FakeTime time = new();
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(1, time);
        await AskAsync(pool, 0);
        TaskCompletionSource gate = new();
        Task holder = pool.RunAsync((_, _) => gate.Task, default);
        Task waiter = AskAsync(pool, 1);

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.That(async () => await waiter.InTime(), Throws.TypeOf<DaemonPoolExhaustedException>());
        AssertMeasured("harmonia_daemon_connection_errors_total timeout", 1);
        AssertMeasured("harmonia_daemon_connection_acquire_duration_seconds timeout", 1);
        gate.SetResult();
        await holder.InTime();
    }

    private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags, double value)
    {
        string name = instrument.Name;
        foreach (KeyValuePair<string, object?> tag in tags)
            name += $" {tag.Value}";
        _measured.AddOrUpdate(name, value, (_, sum) => sum + value);
    }

    private void AssertMeasured(string name, double value) =>
        Assert.That(_measured.GetValueOrDefault(name), Is.EqualTo(value), $"{name} among\n{string.Join('\n', _measured)}");

    private void AssertGauges(int active, int idle)
    {
        _listener.RecordObservableInstruments();
        AssertMeasured("harmonia_daemon_active_connections", active);
        AssertMeasured("harmonia_daemon_idle_connections", idle);
    }
}
