namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>
/// Whether the daemon trusts its client. Nix: src/libstore/worker-protocol.cc, Serialise&lt;std::optional&lt;TrustedFlag&gt;&gt;;
/// the numbers are those of the wire.
/// </summary>
public enum Trust
{
    /// <summary>The daemon does not say. Before protocol 1.35 no daemon does.</summary>
    Unknown = 0,

    /// <summary>The client may do everything.</summary>
    Trusted = 1,

    /// <summary>The client needs signatures, and is refused some operations.</summary>
    NotTrusted = 2,
}
