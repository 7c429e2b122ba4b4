using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Building;

/// <summary>What was asked for, and how it went.</summary>
/// <param name="Path">What was asked for.</param>
/// <param name="Result">How it went.</param>
public sealed record KeyedBuildResult(DerivedPath Path, BuildResult Result);
