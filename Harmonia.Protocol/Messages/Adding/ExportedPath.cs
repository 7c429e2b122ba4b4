using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>The metadata of a path in an export, after its NAR.</summary>
/// <param name="Path">The path.</param>
/// <param name="References">The paths that it refers to.</param>
/// <param name="Deriver">The derivation that it was built from; null if not known.</param>
public sealed record ExportedPath(StorePath Path, IReadOnlyList<StorePath> References, StorePath? Deriver);
