namespace Harmonia.Cache.Http;

/// <summary>The two methods of a cache. Method names are case-sensitive (RFC 9110, section 9.1).</summary>
public static class Methods
{
    /// <summary>The Allow header that goes with a 405.</summary>
    public const string Allowed = "GET, HEAD";

    public static bool IsGet(string method) => method == "GET";

    public static bool IsHead(string method) => method == "HEAD";
}
