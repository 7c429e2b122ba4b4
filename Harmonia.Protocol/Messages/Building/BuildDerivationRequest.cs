using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>A derivation to build.</summary>
public sealed record BuildDerivationRequest
{
    /// <summary>The path of the derivation, which need not exist. Its name is that of the derivation.</summary>
    public required StorePath Path { get; init; }

    /// <summary>The derivation.</summary>
    public required BasicDerivation Derivation { get; init; }

    /// <summary>How to build it.</summary>
    public BuildMode Mode { get; init; }
}
