using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>What to build or substitute: the request of BuildPaths and of BuildPathsWithResults.</summary>
/// <param name="Paths">What is wanted.</param>
/// <param name="Mode">How to build it.</param>
public sealed record BuildPathsRequest(IReadOnlyList<DerivedPath> Paths, BuildMode Mode);
