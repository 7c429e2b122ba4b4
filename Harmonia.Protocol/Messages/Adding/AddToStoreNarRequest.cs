using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>A path to add; its NAR follows.</summary>
public sealed record AddToStoreNarRequest
{
    /// <summary>The path and what is claimed of it.</summary>
    public required ValidPathInfo Info { get; init; }

    /// <summary>Whether to write it anew if it is valid already.</summary>
    public bool Repair { get; init; }

    /// <summary>Whether signatures do not matter, which only trusted clients may say.</summary>
    public bool DontCheckSignatures { get; init; }
}
