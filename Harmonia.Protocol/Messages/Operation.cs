using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Messages;

/// <summary>
/// What a client can ask for; each request begins with the number. Nix: src/libstore/include/nix/store/worker-protocol.hh,
/// WorkerProto::Op. docs/protocol.md has each one's request and reply.
/// </summary>
/// <remarks>
/// These are left out, so they are unknown here: 24 and 25, which Nix removed long ago; 48 to 50, reserved in Nix; 1000 and 1001, which
/// exist only for builders inside a derivation and need features that are never announced. Numbers from 0x68610000 on are Harmonia's own.
/// </remarks>
[SuppressMessage("Design", "CA1008", Justification = "The protocol has no operation 0.")]
[SuppressMessage("Design", "CA1028", Justification = "Read as 32 bits.")]
public enum Operation : uint
{
    /// <summary>Is the path registered?</summary>
    IsValidPath = 1,

    /// <summary>Does a substituter have the path? Removed in Nix 2.34.</summary>
    HasSubstitutes = 3,

    /// <summary>The NAR hash of a valid path. Removed in Nix 2.34.</summary>
    QueryPathHash = 4,

    /// <summary>The references of a valid path. Removed in Nix 2.34.</summary>
    QueryReferences = 5,

    /// <summary>The valid paths that refer to the path.</summary>
    QueryReferrers = 6,

    /// <summary>Adds a content-addressed path from a file or NAR. Two layouts: before and since 1.25.</summary>
    AddToStore = 7,

    /// <summary>Adds one text file. Unused since 1.25.</summary>
    AddTextToStore = 8,

    /// <summary>Builds or substitutes.</summary>
    BuildPaths = 9,

    /// <summary>Makes the path valid, by substitution if necessary.</summary>
    EnsurePath = 10,

    /// <summary>Keeps the path from the garbage collector until the connection closes.</summary>
    AddTempRoot = 11,

    /// <summary>Registers a symlink somewhere in the file system as a root.</summary>
    AddIndirectRoot = 12,

    /// <summary>Does nothing now.</summary>
    SyncWithGC = 13,

    /// <summary>All roots of the garbage collector.</summary>
    FindRoots = 14,

    /// <summary>A path in the format of <c>nix-store --export</c>. Removed in Nix 2.32.</summary>
    ExportPath = 16,

    /// <summary>The derivation a valid path was built from. Obsolete.</summary>
    QueryDeriver = 18,

    /// <summary>The client's settings; the first request of nearly every connection.</summary>
    SetOptions = 19,

    /// <summary>Deletes garbage, or lists it.</summary>
    CollectGarbage = 20,

    /// <summary>What a substituter knows about one path.</summary>
    QuerySubstitutablePathInfo = 21,

    /// <summary>The known output paths of a derivation. Unused since 1.22.</summary>
    QueryDerivationOutputs = 22,

    /// <summary>Every valid path.</summary>
    QueryAllValidPaths = 23,

    /// <summary>What the store knows about a path.</summary>
    QueryPathInfo = 26,

    /// <summary>Adds paths in the format of <c>nix-store --export</c>. Removed in Nix 2.32.</summary>
    ImportPaths = 27,

    /// <summary>The output names of a derivation. Obsolete.</summary>
    QueryDerivationOutputNames = 28,

    /// <summary>The valid path with this hash part.</summary>
    QueryPathFromHashPart = 29,

    /// <summary>What substituters know about many paths.</summary>
    QuerySubstitutablePathInfos = 30,

    /// <summary>Which of these paths are valid?</summary>
    QueryValidPaths = 31,

    /// <summary>Which of these paths do substituters have?</summary>
    QuerySubstitutablePaths = 32,

    /// <summary>The valid derivations which have the path as an output.</summary>
    QueryValidDerivers = 33,

    /// <summary>Hard-links equal files.</summary>
    OptimiseStore = 34,

    /// <summary>Checks the database against the store.</summary>
    VerifyStore = 35,

    /// <summary>Builds a derivation that is part of the request.</summary>
    BuildDerivation = 36,

    /// <summary>Adds signatures to a valid path.</summary>
    AddSignatures = 37,

    /// <summary>The NAR of a valid path.</summary>
    NarFromPath = 38,

    /// <summary>Adds a path from its path info and NAR.</summary>
    AddToStoreNar = 39,

    /// <summary>What would have to be built or fetched?</summary>
    QueryMissing = 40,

    /// <summary>The outputs of a derivation and their paths, if known.</summary>
    QueryDerivationOutputMap = 41,

    /// <summary>Registers the realisation of an output of a content-addressed derivation.</summary>
    RegisterDrvOutput = 42,

    /// <summary>The realisation that RegisterDrvOutput registered.</summary>
    QueryRealisation = 43,

    /// <summary>Adds many paths from their path infos and NARs.</summary>
    AddMultipleToStore = 44,

    /// <summary>Stores a derivation's build log.</summary>
    AddBuildLog = 45,

    /// <summary>Builds or substitutes, and returns the result of each.</summary>
    BuildPathsWithResults = 46,

    /// <summary>Creates a symlink to a path and registers it as a root.</summary>
    AddPermRoot = 47,

    /// <summary>What the store knows of the paths with these hash parts. Not Nix's: <see cref="ProtocolFeatures.HarmoniaCache"/>.</summary>
    QueryPathInfosByHashPart = 0x68610001,

    /// <summary>Waits until the database has changed. Not Nix's: <see cref="ProtocolFeatures.HarmoniaCache"/>.</summary>
    AwaitStoreChange = 0x68610002,

    /// <summary>How many paths are valid? Not Nix's: <see cref="ProtocolFeatures.HarmoniaCount"/>.</summary>
    CountValidPaths = 0x68610003,
}
