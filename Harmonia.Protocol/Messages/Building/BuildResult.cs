namespace Harmonia.Protocol.Messages.Building;

/// <summary>How a build went. Nix: src/libstore/include/nix/store/build-result.hh, BuildResult.</summary>
public sealed record BuildResult
{
    /// <summary>The status.</summary>
    public required BuildStatus Status { get; init; }

    /// <summary>The error; empty if the build did not fail.</summary>
    public string ErrorMessage { get; init; } = "";

    /// <summary>The number of builds. Transported since 1.29.</summary>
    public uint TimesBuilt { get; init; }

    /// <summary>Whether two builds differed. Transported since 1.29.</summary>
    public bool IsNonDeterministic { get; init; }

    /// <summary>The start time in Unix seconds. Transported since 1.29.</summary>
    public long StartTime { get; init; }

    /// <summary>The end time in Unix seconds. Transported since 1.29.</summary>
    public long StopTime { get; init; }

    /// <summary>Processor time outside the kernel in microseconds, if known. Transported since 1.37.</summary>
    public long? CpuUser { get; init; }

    /// <summary>Processor time in the kernel in microseconds, if known. Transported since 1.37.</summary>
    public long? CpuSystem { get; init; }

    /// <summary>The outputs, if the build succeeded. Transported since 1.28.</summary>
    public IReadOnlyList<BuiltOutput> BuiltOutputs { get; init; } = [];
}
