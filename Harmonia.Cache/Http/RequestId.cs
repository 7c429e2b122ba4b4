using Microsoft.Extensions.Primitives;

namespace Harmonia.Cache.Http;

/// <summary>
/// What one request is called in the log and in its answer: the id that the client or a proxy gave it, if that is harmless, else one of
/// the server's own. Kept in <see cref="HttpContext.TraceIdentifier"/>.
/// </summary>
public static class RequestId
{
    public const string Header = "X-Request-Id";

    private const int MaxLength = 64;

    /// <summary>Takes over the client's id, and writes the id into the answer.</summary>
    public static void Assign(HttpContext context)
    {
        if (context.Request.Headers.TryGetValue(Header, out StringValues values) && values is [{ } id] && IsHarmless(id))
            context.TraceIdentifier = id;
        Write(context);
    }

    /// <summary>Writes the id into the answer.</summary>
    public static void Write(HttpContext context) => context.Response.Headers[Header] = context.TraceIdentifier;

    // Visible ASCII: what cannot forge a second line or field in a log, nor make it long.
    private static bool IsHarmless(string id) => id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
