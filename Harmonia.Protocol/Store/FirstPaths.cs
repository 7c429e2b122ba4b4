namespace Harmonia.Protocol.Store;

/// <summary>The beginning of a set of paths that may be too long to keep.</summary>
/// <param name="Paths">Its first paths, in the order in which they came.</param>
/// <param name="Count">How many paths the whole set has.</param>
public sealed record FirstPaths(IReadOnlyList<StorePath> Paths, int Count);
