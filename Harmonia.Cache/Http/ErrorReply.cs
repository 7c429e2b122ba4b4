using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>
/// A finished error answer: a status and a few plain words that never come from an exception, since those name files. It is not to
/// be stored by anyone on the way.
/// </summary>
public sealed class ErrorReply(int status, string message)
{
    // Long enough for a daemon to restart, short enough not to be felt. Nix honours it from 2.35 on.
    private const string RetryAfterSeconds = "5";

    private readonly byte[] _body = Encoding.UTF8.GetBytes(message);
    private PreparedResponse? _finished;

    public static ErrorReply NotFound { get; } = new(StatusCodes.Status404NotFound, "Not Found");

    /// <summary>No such path, file or log. The words are those of harmonia in Rust.</summary>
    public static ErrorReply MissedHash { get; } = new(StatusCodes.Status404NotFound, "missed hash");

    public static ErrorReply MethodNotAllowed { get; } = new(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");

    public static ErrorReply PreconditionFailed { get; } = new(StatusCodes.Status412PreconditionFailed, "Precondition Failed");

    public static ErrorReply ContentTooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "Content Too Large");

    public static ErrorReply RangeNotSatisfiable { get; } = new(StatusCodes.Status416RangeNotSatisfiable, "Range Not Satisfiable");

    public static ErrorReply InternalServerError { get; } = new(StatusCodes.Status500InternalServerError, "Internal Server Error");

    public static ErrorReply ServiceUnavailable { get; } = new(StatusCodes.Status503ServiceUnavailable, "Service Unavailable");

    public int Status => status;

    /// <summary>The whole answer.</summary>
    public PreparedResponse Finished => _finished ??= PreparedResponse.Of(
        status, ContentTypes.Text, $"Cache-Control: {CachePolicy.NoStore}\r\n", "", _body);

    /// <summary>A query that has a key twice, so that no value can be chosen. The words are those of harmonia in Rust.</summary>
    public static ErrorReply DuplicateParameter(string key) =>
        new(StatusCodes.Status400BadRequest, $"Query deserialize error: duplicate field `{key}`");

    /// <summary>Writes the answer. Headers that the caller has set stay.</summary>
    public Task WriteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = CachePolicy.NoStore;
        // Once more, because those who clear the response for an error clear this too.
        RequestId.Write(context);
        if (status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = RetryAfterSeconds;
        return Reply.BytesAsync(context, ContentTypes.Text, _body);
    }
}
