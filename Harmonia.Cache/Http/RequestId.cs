using Microsoft.Extensions.Primitives;

namespace Harmonia.Cache.Http;

/// <summary>
/// The id of a request in the log and in its response: the one that the client or a proxy sent, if it is harmless, else one that the
/// server made. It is kept in <see cref="HttpContext.TraceIdentifier"/>.
/// </summary>
public static class RequestId
{
    public const string Header = "X-Request-Id";

    private const int MaxLength = 64;

    /// <summary>Takes over the id that the client sent, if it did.</summary>
    public static void Assign(HttpContext context)
    {
        if (context.Request.Headers.TryGetValue(Header, out StringValues values) && values is [{ } id] && IsHarmless(id))
            context.TraceIdentifier = id;
    }

    // Visible ASCII: it can't forge a second line or field in a log, and it is short.
    private static bool IsHarmless(string id) => id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
