namespace Harmonia.Protocol.Client;

/// <summary>
/// A place for a connection in a <see cref="DaemonPool"/>. It is empty at first: an object pool creates its objects synchronously, but
/// connecting is asynchronous. The caller that gets an empty place fills it. A place is held by one caller, or idle.
/// </summary>
internal sealed class PooledConnection(DaemonPoolMetrics metrics) : IDisposable
{
    private bool _idle;

    /// <summary>The connection, or null when there is none (any more). Belongs to this place.</summary>
    public DaemonClient? Client { get; set; }

    /// <summary>When it was used last, as a time stamp of the pool's clock.</summary>
    public long LastUsed { get; set; }

    /// <summary>Whether it is idle in the pool. A metric counts these.</summary>
    public bool IsIdle
    {
        get => _idle;
        set
        {
            if (_idle != value)
            {
                _idle = value;
                metrics.IdleChanged(value ? 1 : -1);
            }
        }
    }

    /// <summary>Closes the connection; the place is empty then.</summary>
    public void Close()
    {
        Client?.Dispose();
        Client = null;
    }

    /// <summary>The object pool calls this for a place that it does not keep.</summary>
    public void Dispose()
    {
        IsIdle = false;
        Close();
    }
}
