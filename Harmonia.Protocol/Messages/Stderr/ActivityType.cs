using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>
/// What an activity does. Nix: src/libutil/include/nix/util/logging.hh, ActivityType. Unknown ones pass through.
/// </summary>
[SuppressMessage("Design", "CA1027", Justification = "The numbers are not flags.")]
public enum ActivityType
{
    /// <summary>Anything.</summary>
    Unknown = 0,

    /// <summary>Fields: path, source, destination.</summary>
    CopyPath = 100,

    /// <summary>Fields: URL.</summary>
    FileTransfer = 101,

    /// <summary>All of a build request.</summary>
    Realise = 102,

    /// <summary>The copying of several paths.</summary>
    CopyPaths = 103,

    /// <summary>All builds.</summary>
    Builds = 104,

    /// <summary>Fields: derivation, machine ("" = this one), round, number of rounds.</summary>
    Build = 105,

    /// <summary>OptimiseStore.</summary>
    OptimiseStore = 106,

    /// <summary>VerifyStore.</summary>
    VerifyPaths = 107,

    /// <summary>Fields: path, substituter.</summary>
    Substitute = 108,

    /// <summary>Fields: path, substituter.</summary>
    QueryPathInfo = 109,

    /// <summary>Fields: derivation.</summary>
    PostBuildHook = 110,

    /// <summary>Fields: derivation, resolved derivation.</summary>
    BuildWaiting = 111,

    /// <summary>Fetching a source tree.</summary>
    FetchTree = 112,

    /// <summary>Fields: source, whether it is a dry run.</summary>
    FetchToStore = 113,
}
