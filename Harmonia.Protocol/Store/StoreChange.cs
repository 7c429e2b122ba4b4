namespace Harmonia.Protocol.Store;

/// <summary>The changes of a store's database since an earlier generation.</summary>
/// <param name="Generation">The current generation. It grows with every change, and is valid on one connection only.</param>
/// <param name="Paths">The paths that were added, deleted or signed since then; null if they are not known.</param>
public sealed record StoreChange(ulong Generation, IReadOnlyList<StorePath>? Paths);
