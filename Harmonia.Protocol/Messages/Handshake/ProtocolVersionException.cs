using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>The peer speaks a version of the protocol that is too old, or another major one. The connection is closed.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is always a version.")]
public sealed class ProtocolVersionException : IOException
{
    /// <summary>Makes one that names the peer's version.</summary>
    /// <param name="peer">"client" or "server".</param>
    /// <param name="version">What it announced.</param>
    public ProtocolVersionException(string peer, ProtocolVersion version)
        : base($"The {peer} speaks protocol {version}; {ProtocolVersion.Minimum} or a later minor version is needed.") => Version = version;

    /// <summary>The version the peer announced.</summary>
    public ProtocolVersion Version { get; }
}
