namespace Harmonia.Cache.Configuration;

/// <summary>The table <c>[memory]</c>: the sizes of the caches in memory, and how long their entries are valid.</summary>
public sealed record MemoryOptions
{
    /// <summary>Bytes for what is remembered of paths: the daemon's answers and our signatures.</summary>
    public long Answers { get; init; } = 80L << 20;

    /// <summary>Bytes for hash parts that are not in the store.</summary>
    public long Misses { get; init; } = 4L << 20;

    /// <summary>Bytes for the indexes of NARs.</summary>
    public long NarIndexes { get; init; } = 32L << 20;

    /// <summary>Bytes for small NARs.</summary>
    public long Nars { get; init; } = 32L << 20;

    /// <summary>Bytes for the listings of NARs.</summary>
    public long Listings { get; init; } = 16L << 20;

    /// <summary>The longest time for which an outdated answer may be used. With zero, the cache asks the daemon each time.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(1);
}
