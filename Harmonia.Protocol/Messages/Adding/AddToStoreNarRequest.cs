using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Adding;

/// <summary>A path to add; its NAR follows.</summary>
public sealed record AddToStoreNarRequest
{
    /// <summary>The path and its claimed metadata.</summary>
    public required ValidPathInfo Info { get; init; }

    /// <summary>Whether to replace the path if it is already valid.</summary>
    public bool Repair { get; init; }

    /// <summary>Whether to add the path without valid signatures. Only trusted clients may ask for this.</summary>
    public bool DontCheckSignatures { get; init; }
}
