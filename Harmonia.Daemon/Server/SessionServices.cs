using Harmonia.Daemon.Operations;
using Harmonia.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Server;

/// <summary>The services and settings that all sessions share.</summary>
internal sealed record SessionServices
{
    public required StoreServices Store { get; init; }

    /// <summary>The Nix version that clients see.</summary>
    public required string NixVersion { get; init; }

    /// <summary>The protocol features that the daemon announces.</summary>
    public FeatureSet Features { get; init; } =
        new([
            ProtocolFeatures.RealisationWithPathNotHash,
            ProtocolFeatures.DeleteDeadSpecificReferrers,
            ProtocolFeatures.HarmoniaCache,
            ProtocolFeatures.HarmoniaChanges,
            ProtocolFeatures.HarmoniaCount,
        ]);

    public required TimeSpan HandshakeTimeout { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
