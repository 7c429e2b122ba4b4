using Microsoft.AspNetCore.Connections;

namespace Harmonia.Tests.Support;

/// <summary>
/// A connection without a transport that may be aborted more than once, and disposed right after. The framework's own class cancels on another
/// thread each time, and ends the process if it has been disposed by then.
/// </summary>
public sealed class AbortableConnection : DefaultConnectionContext
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closed = new();
    private bool _isDisposed;

    public AbortableConnection() => ConnectionClosed = _closed.Token;

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        lock (_lock)
        {
            if (!_isDisposed)
                _closed.Cancel();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _closed.Dispose();
        }

        await base.DisposeAsync();
    }
}
