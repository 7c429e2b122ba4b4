using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>Signatures for a valid path.</summary>
/// <param name="Path">Which path.</param>
/// <param name="Signatures">Their text, which may be no signature at all.</param>
public sealed record AddSignaturesRequest(StorePath Path, IReadOnlyList<string> Signatures);
