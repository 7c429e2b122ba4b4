using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>What a daemon says of itself.</summary>
public sealed record ServerHandshakeOptions
{
    /// <summary>The newest version the daemon speaks.</summary>
    public ProtocolVersion Version { get; init; } = ProtocolVersion.Current;

    /// <summary>The features the daemon has.</summary>
    public FeatureSet Features { get; init; } = FeatureSet.Empty;

    /// <summary>
    /// The version of Nix the daemon claims to be: some clients compare it with versions of Nix, so it should be like one.
    /// </summary>
    public required string NixVersion { get; init; }

    /// <summary>Whether the daemon trusts this client.</summary>
    public required Trust Trust { get; init; }

    /// <summary>
    /// Why the daemon cannot serve the client, or null. The daemon sends it at the end of the handshake and closes the connection.
    /// </summary>
    public RemoteError? Refusal { get; init; }
}
