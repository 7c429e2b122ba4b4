using Microsoft.Extensions.Primitives;

namespace Harmonia.Cache.Http;

/// <summary>The headers of a request that select a response: codings, conditions and range (RFC 9110, sections 12.5.3, 13.1 and 14.2).</summary>
public readonly record struct SelectingHeaders
{
    /// <summary>Whether the method is GET. Only GET has ranges.</summary>
    public bool IsGet { get; init; }

    public StringValues AcceptEncoding { get; init; }

    public StringValues IfMatch { get; init; }

    public StringValues IfNoneMatch { get; init; }

    public StringValues Range { get; init; }

    public StringValues IfRange { get; init; }

    /// <summary>Whether there is neither a condition nor a range, so that the response is the whole body.</summary>
    public bool SelectWhole => (IfMatch.Count | IfNoneMatch.Count | Range.Count) == 0;

    /// <summary>Those of a request that Kestrel has read.</summary>
    public static SelectingHeaders Of(HttpRequest request)
    {
        IHeaderDictionary headers = request.Headers;
        return new SelectingHeaders
        {
            IsGet = Methods.IsGet(request.Method),
            AcceptEncoding = headers.AcceptEncoding,
            IfMatch = headers.IfMatch,
            IfNoneMatch = headers.IfNoneMatch,
            Range = headers.Range,
            IfRange = headers.IfRange,
        };
    }

    /// <summary>The coding that the client likes best.</summary>
    /// <param name="offered">The codings that are available, beside identity.</param>
    public ContentCoding Choose(ContentCoding offered) => offered == ContentCoding.Identity || AcceptEncoding.Count == 0
        ? ContentCoding.Identity
        : Http.AcceptEncoding.Parse(AcceptEncoding).Choose(offered);
}
