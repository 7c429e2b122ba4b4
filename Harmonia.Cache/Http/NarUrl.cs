using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Http;

/// <summary>
/// The URL of the NAR of a path, relative to the root of the cache. It has no query string, because CDNs and static mirrors drop query
/// strings. It names the path and its contents, so it never means anything else later.
/// </summary>
public static class NarUrl
{
    private const string Folder = "nar";

    private const string Extension = ".nar";

    private const string ZstdExtension = ".nar.zst";

    /// <summary>Digits of a NAR hash in Nix's base 32.</summary>
    public const int NarHashLength = 52;

    public static string Of(ValidPathInfo path) => Of(path, Extension);

    /// <summary>Where it is compressed by zstd.</summary>
    public static string OfZstd(ValidPathInfo path) => Of(path, ZstdExtension);

    private static string Of(ValidPathInfo path, string extension) =>
        $"{Folder}/{path.Path.Hash}-{path.Info.NarHash.ToBase32()}{extension}";
}
