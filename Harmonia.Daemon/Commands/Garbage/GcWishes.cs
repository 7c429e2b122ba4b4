namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>What the arguments of <c>gc</c> ask for. Null where an option is not given.</summary>
internal sealed record GcWishes
{
    /// <summary>The daemon's socket.</summary>
    public string? Socket { get; init; }

    /// <summary>The daemon's TOML file.</summary>
    public string? Configuration { get; init; }

    /// <summary>The age from which on generations of profiles are deleted.</summary>
    public Age? DeleteOlderThan { get; init; }

    /// <summary>Paths that became valid within this time are kept.</summary>
    public Age? KeepRecent { get; init; }

    /// <summary>The free space at which the collection ends.</summary>
    public FreeSpace? EnsureFree { get; init; }

    /// <summary>The number of freed bytes at which the collection ends.</summary>
    public long? MaxFreed { get; init; }

    /// <summary>Other directories with roots.</summary>
    public IReadOnlyList<string> RootDirectories { get; init; } = [];

    /// <summary>Whether to report only, and delete nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether the report is JSON.</summary>
    public bool Json { get; init; }
}
