using Harmonia.Daemon.Operations;
using Harmonia.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Server;

/// <summary>What every session works with.</summary>
internal sealed record SessionServices
{
    public required StoreServices Store { get; init; }

    /// <summary>The version of Nix to be taken for.</summary>
    public required string NixVersion { get; init; }

    /// <summary>The features of the protocol that are announced.</summary>
    public FeatureSet Features { get; init; } =
        new([ProtocolFeatures.RealisationWithPathNotHash, ProtocolFeatures.DeleteDeadSpecificReferrers, ProtocolFeatures.HarmoniaCache]);

    public required TimeSpan HandshakeTimeout { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
