using Microsoft.AspNetCore.Http.Features;

namespace Harmonia.Cache.Http;

/// <summary>
/// The target of a request line, split but not decoded. Kestrel's own path has dot segments removed and escapes decoded before
/// anyone can see them; this one is what the client sent.
/// </summary>
public readonly ref struct RequestTarget
{
    private RequestTarget(ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        Path = path;
        Query = query;
    }

    /// <summary>The path with its leading slash, still percent-encoded; empty when the target has none (<c>*</c>, an authority).</summary>
    public ReadOnlySpan<char> Path { get; }

    /// <summary>What follows the first question mark, still percent-encoded; empty when there is none.</summary>
    public ReadOnlySpan<char> Query { get; }

    /// <summary>The target of a request as it came in.</summary>
    public static RequestTarget Of(HttpContext context) => Parse(TextOf(context));

    /// <summary>The whole target of a request as it came in, for the log.</summary>
    public static string TextOf(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    /// <summary>Takes origin-form and absolute-form apart (RFC 9112, section 3.2); servers must accept both.</summary>
    public static RequestTarget Parse(ReadOnlySpan<char> target)
    {
        ReadOnlySpan<char> rest = target;
        if (rest is not ['/', ..])
        {
            int scheme = rest.IndexOf("://");
            if (scheme < 0)
                return default;
            ReadOnlySpan<char> authority = rest[(scheme + 3)..];
            int end = authority.IndexOfAny('/', '?');
            rest = end < 0 ? "/" : authority[end..];
        }

        int mark = rest.IndexOf('?');
        ReadOnlySpan<char> path = mark < 0 ? rest : rest[..mark];
        return new RequestTarget(path.IsEmpty ? "/" : path, mark < 0 ? [] : rest[(mark + 1)..]);
    }
}
