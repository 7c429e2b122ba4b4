namespace Harmonia.Protocol.Messages.Building;

/// <summary>
/// How a build ended. Nix: src/libstore/include/nix/store/build-result.hh; src/libstore/common-protocol.cc, BuildResultStatus; the
/// numbers are those of the wire.
/// </summary>
public enum BuildStatus
{
    /// <summary>It was built.</summary>
    Built = 0,

    /// <summary>A substituter had it.</summary>
    Substituted = 1,

    /// <summary>There was nothing to do.</summary>
    AlreadyValid = 2,

    /// <summary>It failed, and will fail again.</summary>
    PermanentFailure = 3,

    /// <summary>Something is wrong with its inputs.</summary>
    InputRejected = 4,

    /// <summary>Something is wrong with its outputs; also a hash that is not as promised.</summary>
    OutputRejected = 5,

    /// <summary>It failed, and may succeed another time.</summary>
    TransientFailure = 6,

    /// <summary>It failed before. No longer used.</summary>
    CachedFailure = 7,

    /// <summary>It took too long.</summary>
    TimedOut = 8,

    /// <summary>Anything else.</summary>
    MiscFailure = 9,

    /// <summary>Something it needs failed.</summary>
    DependencyFailed = 10,

    /// <summary>It wrote too much.</summary>
    LogLimitExceeded = 11,

    /// <summary>Two builds differ.</summary>
    NotDeterministic = 12,

    /// <summary>It resolves to a derivation whose outputs are valid.</summary>
    ResolvesToAlreadyValid = 13,

    /// <summary>No substituter has it.</summary>
    NoSubstituters = 14,
}
