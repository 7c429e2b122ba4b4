
namespace Harmonia.Protocol.Systemd;

/// <summary>
/// Tells systemd twice in each watchdog period that the service works, and only if it does: a thread of its own queues work to the thread
/// pool, which runs every request, and stays silent until that work is done.
/// </summary>
/// <param name="environment">How often.</param>
/// <param name="notifier">Tells systemd.</param>
/// <param name="busy">Gets the time for which the thread pool has done nothing, once it is too long.</param>
public sealed class Watchdog(SystemdEnvironment environment, ServiceNotifier notifier, Action<TimeSpan> busy) : IDisposable
{
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;

    /// <summary>Begins, if systemd asks for it.</summary>
    public void Start()
    {
        if (environment.WatchdogLimit is not { } limit)
            return;
        _thread = new Thread(() => Run(limit / 2)) { IsBackground = true, Name = "watchdog" };
        _thread.Start();
    }

    /// <summary>Ends it.</summary>
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
                busy(interval);
                done.Wait();
            }

            notifier.Alive();
        }
        while (!_stop.Wait(interval));
    }
}
