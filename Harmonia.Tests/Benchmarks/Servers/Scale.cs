namespace Harmonia.Benchmarks.Servers;

/// <summary>How often and how long everything is done.</summary>
internal sealed record Scale
{
    /// <summary>What docs/benchmarks.md shows: some 15 minutes.</summary>
    public static Scale Full { get; } = new();

    /// <summary>Under 3 minutes, for differences of more than a third.</summary>
    public static Scale Quick { get; } = new()
    {
        IsQuick = true,
        Rounds = 2,
        Seconds = 1,
        CopiedPaths = 100,
        Copies = 1,
        MemorySamples = 6,
        DownloadedGigabytes = 1,
        CompressedGigabytes = 0.1,
        CompressionRounds = 1,
        GarbagePaths = 10_000,
        Starts = 5,
        MixedLoadSeconds = 30,
        GrownPaths = [5000, 100_000],
        GrownCopies = 1,
        AddedPaths = 100,
    };

    public bool IsQuick { get; private init; }

    /// <summary>Rounds that count; one more comes before them.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>How long the requests of a round go on.</summary>
    public int Seconds { get; private init; } = 3;

    /// <summary>The number of small paths that <c>nix copy</c> copies.</summary>
    public int CopiedPaths { get; private init; } = 1000;

    public int Copies { get; private init; } = 3;

    /// <summary>How often memory is looked at under a load: every 0.3 s.</summary>
    public int MemorySamples { get; private init; } = 20;

    /// <summary>What a round downloads of large NARs that are not compressed on the way.</summary>
    public double DownloadedGigabytes { get; private init; } = 4;

    /// <summary>What a round downloads of NARs that are compressed on the way.</summary>
    public double CompressedGigabytes { get; private init; } = 1;

    /// <summary>Rounds that compress a NAR to store it.</summary>
    public int CompressionRounds { get; private init; } = 2;

    /// <summary>The size of the store that the garbage collectors look at. The real one takes minutes for 100,000 paths.</summary>
    public int GarbagePaths { get; private init; } = 100_000;

    public int Starts { get; private init; } = 21;

    public int MixedLoadSeconds { get; private init; } = 300;

    /// <summary>The sizes of the stores that grow, unless others are wanted.</summary>
    public IReadOnlyList<int> GrownPaths { get; private init; } = [5000, 20_000, 100_000, 1_000_000];

    /// <summary>How often many paths are copied.</summary>
    public int GrownCopies { get; private init; } = 2;

    /// <summary>How many paths are added, one after the other.</summary>
    public int AddedPaths { get; private init; } = 500;
}
