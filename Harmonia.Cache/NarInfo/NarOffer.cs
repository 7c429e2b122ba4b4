using Harmonia.Cache.Http;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>In which form a narinfo offers a NAR.</summary>
public sealed record NarOffer
{
    /// <summary>The <see cref="Compression"/> of a NAR as it is.</summary>
    public const string None = "none";

    private NarOffer(string url, string compression) => (Url, Compression) = (url, compression);

    /// <summary>Relative to the cache's root.</summary>
    public string Url { get; }

    /// <summary>As Nix calls it.</summary>
    public string Compression { get; }

    /// <summary>Of the bytes behind the URL; null while they have not been made, which Nix does not mind.</summary>
    public NarHash? FileHash { get; private init; }

    /// <summary>The number of those bytes; null like their hash.</summary>
    public ulong? FileSize { get; private init; }

    /// <summary>The NAR as it is.</summary>
    public static NarOffer Plain(ValidPathInfo path) =>
        new(NarUrl.Of(path), None) { FileHash = path.Info.NarHash, FileSize = path.Info.NarSize };

    /// <summary>The NAR compressed by zstd.</summary>
    public static NarOffer Zstd(ValidPathInfo path, NarHash? fileHash, ulong? fileSize) =>
        new(NarUrl.OfZstd(path), "zstd") { FileHash = fileHash, FileSize = fileSize };
}
