namespace Harmonia.Cache.Catalog;

/// <summary>A path and everything that it refers to.</summary>
/// <param name="Paths">The number of these paths.</param>
/// <param name="Bytes">The size of their NARs.</param>
/// <param name="IsWhole">Whether that is all; else there is more than that.</param>
public readonly record struct ClosureSize(int Paths, ulong Bytes, bool IsWhole);
