namespace Harmonia.Daemon.Server;

/// <summary>
/// The shutdown of the daemon. The first request drains it: running requests may end. After a grace period, or on a second request, it
/// stops.
/// </summary>
internal sealed class Shutdown(TimeSpan grace, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private ITimer? _timer;

    /// <summary>Cancelled when the daemon accepts no more clients and requests.</summary>
    public CancellationToken Draining => _drain.Token;

    /// <summary>Cancelled when everything must end at once.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Starts to drain on the first call, and stops on the second.</summary>
    public void Request()
    {
        lock (_gate)
        {
            if (_drain.IsCancellationRequested)
            {
                _stop.Cancel();
                return;
            }

            _timer = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), _stop, grace, Timeout.InfiniteTimeSpan);
            _drain.Cancel();
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _drain.Dispose();
        _stop.Dispose();
    }
}
