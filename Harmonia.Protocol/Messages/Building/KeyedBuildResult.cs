using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>A derived path of a request, and its result.</summary>
/// <param name="Path">The derived path.</param>
/// <param name="Result">The result.</param>
public sealed record KeyedBuildResult(DerivedPath Path, BuildResult Result);
