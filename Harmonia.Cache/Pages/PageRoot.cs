namespace Harmonia.Cache.Pages;

/// <summary>Where the pages begin, as seen from the URL of a request. It is relative, so that it holds behind a proxy that adds a prefix.</summary>
public static class PageRoot
{
    // Deeper than any page. Whoever asks for such a URL is lost anyway.
    private const int MaxDepth = 64;

    /// <summary>The reference, with a slash at the end.</summary>
    /// <param name="target">The target of the request, as it came.</param>
    public static string Of(string target)
    {
        int scheme = target.StartsWith('/') ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        ReadOnlySpan<char> path = scheme < 0 ? target : target.AsSpan(scheme + 3);
        int query = path.IndexOf('?');
        if (query >= 0)
            path = path[..query];
        return OfDepth(path.Count('/') - 1);
    }

    /// <summary>The reference from a page that is this many folders deep.</summary>
    public static string OfDepth(int depth) => depth switch
    {
        <= 0 => "./",
        > MaxDepth => "/",
        _ => string.Concat(Enumerable.Repeat("../", depth)),
    };
}
