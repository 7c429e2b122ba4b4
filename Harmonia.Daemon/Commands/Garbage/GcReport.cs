namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>What <c>gc</c> did, or would do.</summary>
internal sealed record GcReport
{
    /// <summary>Whether nothing was deleted, because only the report was asked for.</summary>
    public required bool IsDryRun { get; init; }

    /// <summary>The generations that are old enough.</summary>
    public required IReadOnlyList<Generation> Generations { get; init; }

    /// <summary>What was deleted from the store directory, or would be. With a limit, a dry run has more than would be deleted.</summary>
    public IReadOnlyList<GarbagePath> Paths { get; init; } = [];

    /// <summary>The number of freed bytes as the daemon counts them; null in a dry run.</summary>
    public long? BytesFreed { get; init; }

    /// <summary>The number of freed bytes at which the collection ends; null for all garbage.</summary>
    public long? Limit { get; init; }

    /// <summary>What is kept only because of <c>--keep-recent</c> and <c>--gc-roots-dir</c>.</summary>
    public IReadOnlyList<GarbagePath> Kept { get; init; } = [];

    /// <summary>Free bytes of the store's file system afterwards.</summary>
    public required long Free { get; init; }

    /// <summary>The free bytes that <c>--ensure-free</c> asks for; null without it.</summary>
    public long? FreeWanted { get; init; }

    /// <summary>How many bytes less were free before; 0 or less if there was enough, so that no garbage was collected; null if nobody asks.</summary>
    public long? Missing { get; init; }

    /// <summary>What keeps the rest of the store; null if something was deleted.</summary>
    public RootSummary? Roots { get; init; }

    /// <summary>The sum of the known sizes of <see cref="Paths"/>.</summary>
    public long NarSize => Paths.Sum(path => path.NarSize ?? 0);

    /// <summary>Why generations could not be deleted.</summary>
    public IReadOnlyList<string> Problems =>
    [
        .. Generations.Where(generation => generation.Problem is not null).GroupBy(generation => (generation.Profile, generation.Problem))
            .Select(group => $"{Counted.Of(group.Count(), "old generation")} of {group.Key.Profile} stayed: {group.Key.Problem}"),
    ];

    /// <summary>
    /// Whether less is free than <c>--ensure-free</c> asks for. Some file systems need a while to free space: what was deleted counts as free.
    /// </summary>
    public bool IsTooLittleFree => Free < FreeWanted && BytesFreed < Missing;
}
