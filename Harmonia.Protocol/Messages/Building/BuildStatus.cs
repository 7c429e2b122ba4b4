namespace Harmonia.Protocol.Messages.Building;

/// <summary>
/// How a build ended. Nix: src/libstore/include/nix/store/build-result.hh; src/libstore/common-protocol.cc, BuildResultStatus; the
/// numbers are those of the wire.
/// </summary>
public enum BuildStatus
{
    /// <summary>The derivation was built.</summary>
    Built = 0,

    /// <summary>A substituter had the outputs.</summary>
    Substituted = 1,

    /// <summary>The outputs were already valid.</summary>
    AlreadyValid = 2,

    /// <summary>The build failed, and will fail again.</summary>
    PermanentFailure = 3,

    /// <summary>An input is wrong.</summary>
    InputRejected = 4,

    /// <summary>An output is wrong, for example its hash.</summary>
    OutputRejected = 5,

    /// <summary>The build failed, and may succeed another time.</summary>
    TransientFailure = 6,

    /// <summary>The build had failed before. No longer used.</summary>
    CachedFailure = 7,

    /// <summary>The build took too long.</summary>
    TimedOut = 8,

    /// <summary>Anything else.</summary>
    MiscFailure = 9,

    /// <summary>A dependency failed.</summary>
    DependencyFailed = 10,

    /// <summary>The build wrote too much output.</summary>
    LogLimitExceeded = 11,

    /// <summary>Two builds differ.</summary>
    NotDeterministic = 12,

    /// <summary>The derivation resolves to one whose outputs are valid.</summary>
    ResolvesToAlreadyValid = 13,

    /// <summary>No substituter has the path.</summary>
    NoSubstituters = 14,
}
