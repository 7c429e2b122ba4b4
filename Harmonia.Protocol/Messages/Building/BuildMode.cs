namespace Harmonia.Protocol.Messages.Building;

/// <summary>How to build. Nix: src/libstore/worker-protocol.cc, Serialise&lt;BuildMode&gt;; the numbers are those of the wire.</summary>
public enum BuildMode
{
    /// <summary>Build what is missing.</summary>
    Normal = 0,

    /// <summary>Replace what is damaged, too; for trusted clients.</summary>
    Repair = 1,

    /// <summary>Build again, and compare.</summary>
    Check = 2,
}
