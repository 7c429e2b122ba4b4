using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>What two peers can have agreed on.</summary>
public static class Contexts
{
    private static readonly FeatureSet[] FeatureSets =
    [
        FeatureSet.Empty,
        new([ProtocolFeatures.RealisationWithPathNotHash]),
        new([ProtocolFeatures.DeleteDeadSpecificReferrers]),
        new([ProtocolFeatures.RealisationWithPathNotHash, ProtocolFeatures.DeleteDeadSpecificReferrers]),
        new([ProtocolFeatures.HarmoniaCache, ProtocolFeatures.HarmoniaChanges, ProtocolFeatures.HarmoniaCount]),
    ];

    public static MessageContext Current { get; } = At(38);

    /// <summary>Every version that is spoken, and the newest with each choice of features.</summary>
    public static IEnumerable<MessageContext> All =>
        Enumerable.Range(18, 21).Select(minor => At((byte)minor))
            .Concat(FeatureSets.Skip(1).Select(features => Current with { Features = features }));

    public static MessageContext At(byte minor, params string[] features) => new()
    {
        StoreDirectory = StoreDirectory.Default,
        Version = new ProtocolVersion(1, minor),
        Features = new FeatureSet(features),
    };
}
