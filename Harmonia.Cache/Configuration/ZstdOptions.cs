namespace Harmonia.Cache.Configuration;

/// <summary>The table <c>[zstd]</c>.</summary>
public sealed record ZstdOptions
{
    /// <summary>From -131072, fast, to 22, small.</summary>
    public int Level { get; init; } = 1;

    /// <summary>Whether repetitions in NARs are looked for far back.</summary>
    public bool LongDistanceMatching { get; init; } = true;

    /// <summary>The window for NARs as a power of two; 0 for 25 with long distance matching and the level's own without.</summary>
    public int WindowLog { get; init; }

    /// <summary>Large NARs compressed with long distance matching at once, per worker; 0 for no limit.</summary>
    public int MaxLongDistanceEncoders { get; init; } = 16;

    /// <summary>Bytes that windows for long distance matching may take together; 0 for no limit.</summary>
    public long MaxLongDistanceMemory { get; init; } = 96 * 1024 * 1024;

    /// <summary>The largest window with long distance matching as a power of two.</summary>
    public int LongDistanceWindowLog => WindowLog == 0 ? 25 : WindowLog;
}
