using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Http;

/// <summary>
/// Where the NAR of a path is, relative to the cache's root. The form without a query string, because CDNs and static mirrors drop
/// query strings; it names the path and its contents, so it never means anything else later.
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
