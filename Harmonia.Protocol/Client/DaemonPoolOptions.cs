namespace Harmonia.Protocol.Client;

/// <summary>The limits of a <see cref="DaemonPool"/>.</summary>
public sealed record DaemonPoolOptions
{
    /// <summary>How many connections may be in use at once. A real daemon runs a process for each.</summary>
    public int MaxConnections
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount + 1;

    /// <summary>How long an unused connection is kept.</summary>
    public TimeSpan IdleExpiry { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a caller waits for its turn before it gets a <see cref="DaemonPoolExhaustedException"/>.</summary>
    public TimeSpan AcquireTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock behind these times.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
