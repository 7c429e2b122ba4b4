using Microsoft.AspNetCore.Http.Features;

namespace Harmonia.Cache.Http;

/// <summary>
/// The target of a request line, split but not decoded, as the client sent it. Kestrel's own path has no dot segments and no escapes any
/// more.
/// </summary>
public readonly ref struct RequestTarget
{
    private RequestTarget(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query)
    {
        Path = path;
        Query = query;
    }

    private static ReadOnlySpan<byte> Root => "/"u8;

    /// <summary>The path with its leading slash, still percent-encoded; empty when the target has none (<c>*</c>, an authority).</summary>
    public ReadOnlySpan<byte> Path { get; }

    /// <summary>What follows the first question mark, still percent-encoded; empty when there is none.</summary>
    public ReadOnlySpan<byte> Query { get; }

    /// <summary>The whole target of a request as it came in.</summary>
    public static string TextOf(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    /// <summary>Takes origin-form and absolute-form apart (RFC 9112, section 3.2); servers must accept both.</summary>
    public static RequestTarget Parse(ReadOnlySpan<byte> target)
    {
        ReadOnlySpan<byte> rest = target;
        if (rest is not [(byte)'/', ..])
        {
            int scheme = rest.IndexOf("://"u8);
            if (scheme < 0)
                return default;
            ReadOnlySpan<byte> authority = rest[(scheme + 3)..];
            int end = authority.IndexOfAny((byte)'/', (byte)'?');
            rest = end < 0 ? Root : authority[end..];
        }

        int mark = rest.IndexOf((byte)'?');
        ReadOnlySpan<byte> path = mark < 0 ? rest : rest[..mark];
        return new RequestTarget(path.IsEmpty ? Root : path, mark < 0 ? [] : rest[(mark + 1)..]);
    }
}
