namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>What a client announces in the handshake.</summary>
internal sealed record ClientHandshakeOptions
{
    /// <summary>The newest version that the client supports.</summary>
    public ProtocolVersion Version { get; init; } = ProtocolVersion.Current;

    /// <summary>The features that the client supports.</summary>
    public FeatureSet Features { get; init; } = FeatureSet.Empty;
}
