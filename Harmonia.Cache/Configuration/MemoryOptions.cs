namespace Harmonia.Cache.Configuration;

/// <summary>What is kept in memory, and for how long.</summary>
public sealed record MemoryOptions
{
    /// <summary>Bytes for what the daemon has answered and for the narinfos made of it, half each.</summary>
    public long Answers { get; init; } = 32L << 20;

    /// <summary>Bytes for the hash parts that the store lacks.</summary>
    public long Misses { get; init; } = 4L << 20;

    /// <summary>Bytes for the indexes of NARs.</summary>
    public long NarIndexes { get; init; } = 32L << 20;

    /// <summary>Bytes for small NARs.</summary>
    public long Nars { get; init; } = 32L << 20;

    /// <summary>Bytes for the listings of NARs.</summary>
    public long Listings { get; init; } = 16L << 20;

    /// <summary>How long an answer may be given after it has become wrong, at most; with zero the daemon is asked each time.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(1);
}
