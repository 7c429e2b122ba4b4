namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>What a client says of itself.</summary>
public sealed record ClientHandshakeOptions
{
    /// <summary>The newest version the client speaks.</summary>
    public ProtocolVersion Version { get; init; } = ProtocolVersion.Current;

    /// <summary>The features the client knows.</summary>
    public FeatureSet Features { get; init; } = FeatureSet.Empty;
}
