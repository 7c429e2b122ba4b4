namespace Harmonia.Protocol.Store;

/// <summary>How far a store's database has come since an earlier generation of it.</summary>
/// <param name="Generation">The database as it is now. Grows with every change that is seen; means something on one connection only.</param>
/// <param name="Paths">The paths that were added, deleted or signed since; null when it may be any.</param>
public sealed record StoreChange(ulong Generation, IReadOnlyList<StorePath>? Paths);
