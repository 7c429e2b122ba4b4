using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>Signatures for a valid path.</summary>
/// <param name="Path">The path.</param>
/// <param name="Signatures">The texts, which need not be valid signatures.</param>
public sealed record AddSignaturesRequest(StorePath Path, IReadOnlyList<string> Signatures);
