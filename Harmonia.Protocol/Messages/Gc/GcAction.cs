namespace Harmonia.Protocol.Messages.Gc;

/// <summary>
/// What a garbage collection does. Nix: src/libstore/worker-protocol.cc, Serialise&lt;GCAction&gt;; the numbers are those of
/// the wire.
/// </summary>
public enum GcAction
{
    /// <summary>Lists the paths that are reachable from the roots.</summary>
    ReturnLive = 0,

    /// <summary>Lists the paths that are not reachable.</summary>
    ReturnDead = 1,

    /// <summary>Deletes the paths that are not reachable.</summary>
    DeleteDead = 2,

    /// <summary>Deletes certain paths, and fails if one is reachable.</summary>
    DeleteSpecific = 3,
}
