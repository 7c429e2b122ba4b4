using Microsoft.Extensions.ObjectPool;

namespace Harmonia.Protocol.Client;

/// <summary>What a <see cref="DaemonPool"/> keeps: connections that are in step and were used recently.</summary>
internal sealed class PooledConnectionPolicy(DaemonPoolOptions options, DaemonPoolMetrics metrics)
    : IPooledObjectPolicy<PooledConnection>
{
    /// <summary>An empty place: connecting is asynchronous, so the pool does it outside.</summary>
    public PooledConnection Create() => new(metrics);

    /// <summary>Whether the place goes back into the pool. If not, the object pool disposes it, which closes the connection.</summary>
    public bool Return(PooledConnection place)
    {
        place.IsIdle = place.Client is { IsInStep: true } && !IsExpired(place);
        return place.IsIdle;
    }

    /// <summary>Whether the connection was unused for too long.</summary>
    public bool IsExpired(PooledConnection place) =>
        options.TimeProvider.GetElapsedTime(place.LastUsed) >= options.IdleExpiry;
}
