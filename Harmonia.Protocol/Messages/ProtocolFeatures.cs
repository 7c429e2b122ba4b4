namespace Harmonia.Protocol.Messages;

/// <summary>
/// The features of protocol 1.38 that change layouts. Nix: src/libstore/include/nix/store/worker-protocol.hh,
/// WorkerProto::feature….
/// </summary>
public static class ProtocolFeatures
{
    /// <summary>
    /// Realisations are named by derivation path instead of derivation hash, and are no longer JSON: changes RegisterDrvOutput,
    /// QueryRealisation and every build result.
    /// </summary>
    public const string RealisationWithPathNotHash = "realisation-with-path-not-hash";

    /// <summary>CollectGarbage can be asked for certain paths, also with what refers to them.</summary>
    public const string DeleteDeadSpecificReferrers = "delete-dead-specific-referrers";
}
