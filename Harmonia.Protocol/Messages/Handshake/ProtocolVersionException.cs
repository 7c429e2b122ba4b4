using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>The peer's version of the protocol is too old, or has another major number. The connection is closed.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is always a version.")]
public sealed class ProtocolVersionException : IOException
{
    /// <summary>Creates an exception that names the peer's version.</summary>
    /// <param name="peer">"client" or "server".</param>
    /// <param name="version">The version that the peer announced.</param>
    public ProtocolVersionException(string peer, ProtocolVersion version)
        : base($"The {peer} speaks protocol {version}; {ProtocolVersion.Minimum} or a later minor version is needed.") => Version = version;

    /// <summary>The version that the peer announced.</summary>
    public ProtocolVersion Version { get; }
}
