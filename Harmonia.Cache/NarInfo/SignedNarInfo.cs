using Harmonia.Cache.Http;
using Harmonia.Cache.NarCache;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>The fields of a narinfo, before they become text or JSON. <see cref="NarInfoSigner"/> makes it.</summary>
public sealed record SignedNarInfo
{
    /// <summary>The <see cref="Compression"/> of a NAR that is not compressed.</summary>
    public const string None = "none";

    /// <summary>The store directory that clients know.</summary>
    public required StoreDirectory StoreDirectory { get; init; }

    /// <summary>The path; its NAR size is known.</summary>
    public required ValidPathInfo Path { get; init; }

    /// <summary>In the order they are written.</summary>
    public required IReadOnlyList<Signature> Signatures { get; init; }

    /// <summary>Where the NAR is, relative to the root of the cache.</summary>
    public required string Url { get; init; }

    /// <summary>Nix's name of the compression behind <see cref="Url"/>.</summary>
    public string Compression { get; private init; } = None;

    /// <summary>The hash of the bytes behind <see cref="Url"/>; null until they exist. Nix accepts a narinfo without it.</summary>
    public NarHash? FileHash { get; init; }

    /// <summary>How many bytes are behind <see cref="Url"/>; null like their hash.</summary>
    public ulong? FileSize { get; init; }

    /// <summary>The same narinfo where NARs are offered compressed by zstd.</summary>
    /// <param name="stored">The stored NAR; null if it is made when it is asked for.</param>
    public SignedNarInfo With(StoredNar? stored) => stored is { IsIncompressible: true }
        ? this
        : this with { Url = NarUrl.OfZstd(Path), Compression = "zstd", FileHash = stored?.FileHash, FileSize = (ulong?)stored?.Size };
}
