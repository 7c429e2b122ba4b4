namespace Harmonia.Daemon.Server;

/// <summary>
/// How the daemon ends: first it drains, so that running requests can be answered; after a while, or when it is told again, it stops.
/// </summary>
internal sealed class Shutdown(TimeSpan grace, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private ITimer? _timer;

    /// <summary>Cancelled when no new client and no new request is to be taken.</summary>
    public CancellationToken Draining => _drain.Token;

    /// <summary>Cancelled when everything is to end at once.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>The first call begins to drain, another one stops.</summary>
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
