using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>What a daemon announces in the handshake.</summary>
public sealed record ServerHandshakeOptions
{
    /// <summary>The newest version that the daemon supports.</summary>
    public ProtocolVersion Version { get; init; } = ProtocolVersion.Current;

    /// <summary>The features that the daemon supports.</summary>
    public FeatureSet Features { get; init; } = FeatureSet.Empty;

    /// <summary>
    /// The version of Nix that the daemon claims to be. Some clients compare it with versions of Nix, so it should look like one.
    /// </summary>
    public required string NixVersion { get; init; }

    /// <summary>Whether the daemon trusts this client.</summary>
    public required Trust Trust { get; init; }

    /// <summary>
    /// The reason why the daemon cannot serve the client, or null. The daemon sends it at the end of the handshake and closes the connection.
    /// </summary>
    public RemoteError? Refusal { get; init; }
}
