namespace Harmonia.Protocol.Messages.Gc;

/// <summary>
/// What a garbage collection does. Nix: src/libstore/worker-protocol.cc, Serialise&lt;GCAction&gt;; the numbers are those of
/// the wire.
/// </summary>
public enum GcAction
{
    /// <summary>List what is reachable from the roots.</summary>
    ReturnLive = 0,

    /// <summary>List what is not.</summary>
    ReturnDead = 1,

    /// <summary>Delete what is not.</summary>
    DeleteDead = 2,

    /// <summary>Delete certain paths, and fail when one is reachable.</summary>
    DeleteSpecific = 3,
}
