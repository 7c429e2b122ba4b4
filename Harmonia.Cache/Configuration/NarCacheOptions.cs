namespace Harmonia.Cache.Configuration;

/// <summary>The table <c>[nar_cache]</c>: NARs that are kept compressed.</summary>
public sealed record NarCacheOptions
{
    /// <summary>Where they are kept.</summary>
    public required string Directory { get; init; }

    /// <summary>How many bytes of disk the files take, those under way not counted.</summary>
    public long MaxSize { get; init; } = 20L << 30;

    /// <summary>The level of zstd, from -7, fast, to 19, small.</summary>
    public int Level { get; init; } = 1;
}
