using System.Diagnostics;

namespace Harmonia.Cache.Http;

/// <summary>The names of content codings.</summary>
public static class ContentCodings
{
    /// <summary>All that this cache makes.</summary>
    public const ContentCoding All = ContentCoding.Zstd | ContentCoding.Brotli | ContentCoding.Gzip;

    /// <summary>The name of a single one in Content-Encoding.</summary>
    public static string NameOf(ContentCoding coding) => coding switch
    {
        ContentCoding.Zstd => "zstd",
        ContentCoding.Brotli => "br",
        ContentCoding.Gzip => "gzip",
        ContentCoding.Bzip2 => "bzip2",
        _ => throw new UnreachableException($"{coding} is not one content coding."),
    };
}
