using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// Marks the connections beyond a number, so that their requests are answered with 503 and not left waiting. Kestrel closes those
/// beyond <see cref="HardLimit"/> without an answer.
/// </summary>
public sealed class ConnectionLimit(long max)
{
    // Each costs a few KB until it has its 503.
    private const int MaxAnswered = 1024;

    private long _open;

    /// <summary>Null for no limit.</summary>
    public long? HardLimit => max == 0 ? null : max + MaxAnswered;

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

    /// <summary>Whether a request came over one connection too many.</summary>
    public static bool IsExceeded(HttpContext context) => context.Features.Get<Excess>() is not null;

    /// <summary>Whether a connection is one too many.</summary>
    public static bool IsExceeded(ConnectionContext connection) => connection.Features.Get<Excess>() is not null;

    private sealed class Excess;
}
