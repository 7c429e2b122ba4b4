namespace Harmonia.Protocol.Store;

/// <summary>The changes of a store's database since an earlier generation.</summary>
/// <param name="Generation">The current generation. It grows with every change.</param>
/// <param name="HashParts">
/// The hash parts of the paths that were added, deleted, signed or otherwise changed since then, each once; null if any path may have been.
/// </param>
public sealed record StoreChange(ulong Generation, IReadOnlyList<StorePathHash>? HashParts);
