namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>The result of a handshake.</summary>
public sealed record HandshakeResult
{
    /// <summary>The older of the two versions, which both sides use.</summary>
    public required ProtocolVersion Version { get; init; }

    /// <summary>The features that both sides announced.</summary>
    public required FeatureSet Features { get; init; }

    /// <summary>The version that the peer announced.</summary>
    public required ProtocolVersion PeerVersion { get; init; }

    /// <summary>The version of Nix that the daemon claims to be; null before protocol 1.33.</summary>
    public string? NixVersion { get; init; }

    /// <summary>Whether the daemon trusts the client.</summary>
    public Trust Trust { get; init; }
}
