namespace Harmonia.Protocol.Messages;

/// <summary>
/// The features of protocol 1.38 that change layouts or add operations. Nix's own are in
/// src/libstore/include/nix/store/worker-protocol.hh, WorkerProto::feature….
/// </summary>
internal static class ProtocolFeatures
{
    /// <summary>
    /// Realisations are named by derivation path instead of derivation hash, and are no longer JSON: changes RegisterDrvOutput,
    /// QueryRealisation and every build result.
    /// </summary>
    public const string RealisationWithPathNotHash = "realisation-with-path-not-hash";

    /// <summary>CollectGarbage can delete certain paths, also with the paths that refer to them.</summary>
    public const string DeleteDeadSpecificReferrers = "delete-dead-specific-referrers";

    /// <summary>
    /// The operations of a Harmonia daemon for a binary cache: <see cref="Operation.QueryPathInfosByHashPart"/> and
    /// <see cref="Operation.AwaitStoreChange"/>. Nix does not know this feature and never uses it.
    /// </summary>
    public const string HarmoniaCache = "harmonia-cache-1";

    /// <summary>
    /// The answer to <see cref="Operation.AwaitStoreChange"/> names the paths that have changed, and its generations hold for all connections
    /// to a daemon. Only together with <see cref="HarmoniaCache"/>.
    /// </summary>
    public const string HarmoniaChanges = "harmonia-cache-2";

    /// <summary>The operation <see cref="Operation.CountValidPaths"/>. Only together with <see cref="HarmoniaCache"/>.</summary>
    public const string HarmoniaCount = "harmonia-cache-3";
}
