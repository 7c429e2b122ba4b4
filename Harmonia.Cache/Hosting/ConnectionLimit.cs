using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// Marks the connections beyond a number, so that their requests get a 503 and do not wait. Kestrel closes those beyond
/// <see cref="HardLimit"/> without a response.
/// </summary>
public sealed class ConnectionLimit(long max)
{
    // Each takes a few KB until it gets its 503.
    private const int MaxAnswered = 1024;

    private long _open;

    /// <summary>Null for no limit.</summary>
    public long? HardLimit => max == 0 ? null : max + MaxAnswered;

    /// <summary>Counts a connection that Kestrel does not see, unless it would be beyond the limit. <see cref="Release"/> must follow.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _open) <= max || max == 0)
            return true;
        Release();
        return false;
    }

    /// <summary>The end of a connection that <see cref="TryTake"/> has counted.</summary>
    public void Release() => Interlocked.Decrement(ref _open);

    public ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        if (Interlocked.Increment(ref _open) > max && max != 0)
            connection.Features.Set(new Excess());
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };

    /// <summary>Whether a request came over a connection beyond the limit.</summary>
    public static bool IsExceeded(HttpContext context) => context.Features.Get<Excess>() is not null;

    /// <summary>Whether a connection is beyond the limit.</summary>
    public static bool IsExceeded(ConnectionContext connection) => connection.Features.Get<Excess>() is not null;

    private sealed class Excess;
}
