using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>
/// What an activity reports. Nix: src/libutil/include/nix/util/logging.hh, ResultType. Unknown ones pass through.
/// </summary>
[SuppressMessage("Design", "CA1008", Justification = "The protocol has no result 0.")]
public enum ResultType
{
    /// <summary>Fields: bytes, blocks.</summary>
    FileLinked = 100,

    /// <summary>Fields: line.</summary>
    BuildLogLine = 101,

    /// <summary>Fields: path.</summary>
    UntrustedPath = 102,

    /// <summary>Fields: path.</summary>
    CorruptedPath = 103,

    /// <summary>Fields: phase.</summary>
    SetPhase = 104,

    /// <summary>Fields: done, expected, running, failed.</summary>
    Progress = 105,

    /// <summary>Fields: activity type, expected number.</summary>
    SetExpected = 106,

    /// <summary>Fields: line.</summary>
    PostBuildLogLine = 107,

    /// <summary>Fields: text.</summary>
    FetchStatus = 108,

    /// <summary>Fields: path.</summary>
    FetchToStore = 109,
}
