using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages;

/// <summary>The context on which the layout of messages depends: the result of the handshake, and the store directory.</summary>
public sealed record MessageContext
{
    /// <summary>The directory that store paths begin with.</summary>
    public required StoreDirectory StoreDirectory { get; init; }

    /// <summary>The negotiated version.</summary>
    public required ProtocolVersion Version { get; init; }

    /// <summary>The negotiated features.</summary>
    public FeatureSet Features { get; init; } = FeatureSet.Empty;

    /// <summary>
    /// The context of the path infos in an AddMultipleToStore. Nix always writes them in the layout of protocol 1.16.
    /// Nix: src/libstore/remote-store.cc, RemoteStore::addMultipleToStore.
    /// </summary>
    public MessageContext InsideAddMultipleToStore => this with { Version = new ProtocolVersion(1, 16), Features = FeatureSet.Empty };

    /// <summary>Whether realisations are named by derivation path: <see cref="ProtocolFeatures.RealisationWithPathNotHash"/>.</summary>
    public bool RealisationWithPathNotHash => Features.Contains(ProtocolFeatures.RealisationWithPathNotHash);

    /// <summary>Whether Harmonia's own operations may be used: <see cref="ProtocolFeatures.HarmoniaCache"/>.</summary>
    public bool HarmoniaCache => Features.Contains(ProtocolFeatures.HarmoniaCache);

    /// <summary>Whether changed paths are named: <see cref="ProtocolFeatures.HarmoniaChanges"/>.</summary>
    public bool HarmoniaChanges => Features.Contains(ProtocolFeatures.HarmoniaChanges);

    /// <summary>Whether the daemon counts its paths: <see cref="ProtocolFeatures.HarmoniaCount"/>.</summary>
    public bool HarmoniaCount => HarmoniaCache && Features.Contains(ProtocolFeatures.HarmoniaCount);
}
