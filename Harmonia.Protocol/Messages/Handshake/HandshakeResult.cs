namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>What two peers agreed on.</summary>
public sealed record HandshakeResult
{
    /// <summary>The older of the two versions: the one that is spoken.</summary>
    public required ProtocolVersion Version { get; init; }

    /// <summary>The features both announced.</summary>
    public required FeatureSet Features { get; init; }

    /// <summary>The version the peer announced.</summary>
    public required ProtocolVersion PeerVersion { get; init; }

    /// <summary>The version of Nix the daemon claims to be; null before protocol 1.33.</summary>
    public string? NixVersion { get; init; }

    /// <summary>Whether the daemon trusts the client.</summary>
    public Trust Trust { get; init; }
}
