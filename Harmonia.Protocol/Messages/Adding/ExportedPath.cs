using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>What an export says of a path behind its NAR.</summary>
/// <param name="Path">Which path.</param>
/// <param name="References">What it refers to.</param>
/// <param name="Deriver">What it was built by; null where nobody knows.</param>
public sealed record ExportedPath(StorePath Path, IReadOnlyList<StorePath> References, StorePath? Deriver);
