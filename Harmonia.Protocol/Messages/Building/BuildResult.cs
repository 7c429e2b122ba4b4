namespace Harmonia.Protocol.Messages.Building;

/// <summary>How a build went. Nix: src/libstore/include/nix/store/build-result.hh, BuildResult.</summary>
public sealed record BuildResult
{
    /// <summary>How it ended.</summary>
    public required BuildStatus Status { get; init; }

    /// <summary>Why it failed; empty when it did not.</summary>
    public string ErrorMessage { get; init; } = "";

    /// <summary>How often it was built. Transported since 1.29.</summary>
    public uint TimesBuilt { get; init; }

    /// <summary>Whether two builds differed. Transported since 1.29.</summary>
    public bool IsNonDeterministic { get; init; }

    /// <summary>When it began, in Unix seconds. Transported since 1.29.</summary>
    public long StartTime { get; init; }

    /// <summary>When it ended, in Unix seconds. Transported since 1.29.</summary>
    public long StopTime { get; init; }

    /// <summary>Microseconds of the processor outside the kernel, where known. Transported since 1.37.</summary>
    public long? CpuUser { get; init; }

    /// <summary>Microseconds of the processor in the kernel, where known. Transported since 1.37.</summary>
    public long? CpuSystem { get; init; }

    /// <summary>What came out of it, when it succeeded. Transported since 1.28.</summary>
    public IReadOnlyList<BuiltOutput> BuiltOutputs { get; init; } = [];
}
