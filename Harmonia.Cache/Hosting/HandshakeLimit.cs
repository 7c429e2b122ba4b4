using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// Lets a number of TLS handshakes run at once; the others wait for their turn. This bounds the processor time that new connections take
/// from open ones.
/// </summary>
public sealed class HandshakeLimit(int max)
{
    private readonly SemaphoreSlim? _slots = max == 0 ? null : new SemaphoreSlim(max);

    /// <summary>Stands before TLS.</summary>
    public ConnectionDelegate Enter(ConnectionDelegate next) => async connection =>
    {
        if (_slots is null)
        {
            await next(connection);
            return;
        }

        await _slots.WaitAsync(connection.ConnectionClosed);
        Slot slot = new(_slots);
        connection.Features.Set(slot);
        try
        {
            await next(connection);
        }
        finally
        {
            slot.Release();
        }
    };

    /// <summary>Stands behind TLS, so that it is reached when the handshake is done.</summary>
    public static ConnectionDelegate Leave(ConnectionDelegate next) => connection =>
    {
        connection.Features.Get<Slot>()?.Release();
        return next(connection);
    };

    private sealed class Slot(SemaphoreSlim slots)
    {
        private int _isReleased;

        public void Release()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
                slots.Release();
        }
    }
}
