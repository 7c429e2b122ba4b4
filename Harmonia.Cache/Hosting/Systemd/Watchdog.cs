using Harmonia.Cache.Metrics;

namespace Harmonia.Cache.Hosting.Systemd;

/// <summary>
/// Tells systemd twice in each of its periods that the service is alive, and only if it is: a thread of its own asks the thread pool,
/// which runs every request, to do something, and stays silent until that is done.
/// </summary>
public sealed class Watchdog(SystemdEnvironment environment, ServiceNotifier notifier, ILogger<Watchdog> logger) : IHostedService, IDisposable
{
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.WatchdogLimit is { } limit)
        {
            _thread = new Thread(() => Run(limit / 2)) { IsBackground = true, Name = "watchdog" };
            _thread.Start();
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends with the host's other services, after the last request.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Run(TimeSpan interval)
    {
        do
        {
            using SemaphoreSlim done = new(0);
            ThreadPool.UnsafeQueueUserWorkItem(static done => done.Release(), done, preferLocal: false);
            if (!done.Wait(interval))
            {
                logger.ThreadPoolBusy(interval.TotalSeconds);
                done.Wait();
            }

            notifier.Alive();
        }
        while (!_stop.Wait(interval));
    }
}
