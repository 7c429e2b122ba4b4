using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages;

/// <summary>How far the database has come since the generation that was asked with.</summary>
/// <param name="Generation">The database as it is now. Grows with every change that is seen; means something on this connection only.</param>
/// <param name="Paths">The paths that were added, deleted or signed since; null when it may be any.</param>
public sealed record StoreChange(ulong Generation, IReadOnlyList<StorePath>? Paths);
