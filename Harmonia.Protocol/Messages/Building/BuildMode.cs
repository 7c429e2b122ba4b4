namespace Harmonia.Protocol.Messages.Building;

/// <summary>How to build. Nix: src/libstore/worker-protocol.cc, Serialise&lt;BuildMode&gt;; the numbers are those of the wire.</summary>
public enum BuildMode
{
    /// <summary>Builds what is missing.</summary>
    Normal = 0,

    /// <summary>Also replaces what is damaged; for trusted clients.</summary>
    Repair = 1,

    /// <summary>Builds again, and compares.</summary>
    Check = 2,
}
