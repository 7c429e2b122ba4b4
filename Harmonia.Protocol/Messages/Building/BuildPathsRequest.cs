using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>What to build or substitute: the request of BuildPaths and of BuildPathsWithResults.</summary>
/// <param name="Paths">The wanted paths and outputs.</param>
/// <param name="Mode">The mode of the builds.</param>
public sealed record BuildPathsRequest(IReadOnlyList<DerivedPath> Paths, BuildMode Mode);
