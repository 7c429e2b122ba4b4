using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>All that a narinfo says, before it is put into text or JSON. Made by <see cref="NarInfoSigner"/>.</summary>
public sealed record SignedPathInfo
{
    /// <summary>The store directory that clients know.</summary>
    public required StoreDirectory StoreDirectory { get; init; }

    /// <summary>The path; its NAR size is known.</summary>
    public required ValidPathInfo Path { get; init; }

    /// <summary>In the order they are written.</summary>
    public required IReadOnlyList<Signature> Signatures { get; init; }

    /// <summary>How the NAR can be had.</summary>
    public required NarOffer Offer { get; init; }
}
