namespace Harmonia.Cache.Configuration;

/// <summary>The table <c>[zstd]</c>. docs/benchmarks.md has the measurements behind the defaults.</summary>
public sealed record ZstdOptions
{
    /// <summary>The level, from -131072 (fast) to 22 (small).</summary>
    public int Level { get; init; } = 1;

    /// <summary>Whether zstd searches the whole window of a NAR for repetitions. This takes a quarter more CPU time.</summary>
    public bool LongDistanceMatching { get; init; }

    /// <summary>The window for NARs as a power of two. 0 means 25 with long distance matching, and the window of the level without it.</summary>
    public int WindowLog { get; init; }

    /// <summary>The maximum number of large NARs compressed with long distance matching at the same time, per worker; 0 for no limit.</summary>
    public int MaxLongDistanceEncoders { get; init; } = 16;

    /// <summary>The maximum size in bytes of all windows for long distance matching together; 0 for no limit.</summary>
    public long MaxLongDistanceMemory { get; init; } = 96 * 1024 * 1024;

    /// <summary>The largest window with long distance matching as a power of two.</summary>
    public int LongDistanceWindowLog => WindowLog == 0 ? 25 : WindowLog;
}
