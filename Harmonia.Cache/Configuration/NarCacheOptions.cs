namespace Harmonia.Cache.Configuration;

/// <summary>The table <c>[nar_cache]</c>: the cache of compressed NARs.</summary>
public sealed record NarCacheOptions
{
    /// <summary>The directory of its files.</summary>
    public required string Directory { get; init; }

    /// <summary>The maximum size of its files in bytes, without files that are being written.</summary>
    public long MaxSize { get; init; } = 20L << 30;

    /// <summary>The level of zstd, from -7 (fast) to 19 (small).</summary>
    public int Level { get; init; } = 1;
}
