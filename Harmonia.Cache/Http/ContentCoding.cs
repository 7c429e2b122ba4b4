namespace Harmonia.Cache.Http;

/// <summary>The content codings of this cache (RFC 9110, section 8.4.1), one or several.</summary>
[Flags]
public enum ContentCoding
{
    /// <summary>None: the bytes as they are.</summary>
    Identity = 0,
    Zstd = 1,
    Brotli = 2,
    Gzip = 4,

    /// <summary>What Nix has compressed already: this cache does not make it.</summary>
    Bzip2 = 8,
}
