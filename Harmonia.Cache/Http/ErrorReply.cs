using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>
/// An error as a response: a status and a few plain words. The words never come from an exception, since exceptions name files.
/// </summary>
public sealed record ErrorReply(int Status, string Message)
{
    public static ErrorReply NotFound { get; } = new(StatusCodes.Status404NotFound, "Not Found");

    /// <summary>No such path, file or log. The words are those of harmonia in Rust.</summary>
    public static ErrorReply MissedHash { get; } = new(StatusCodes.Status404NotFound, "missed hash");

    public static ErrorReply MethodNotAllowed { get; } = new(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed")
    {
        Headers = [new HeaderLine("Allow", Methods.Allowed)],
    };

    public static ErrorReply PreconditionFailed { get; } = new(StatusCodes.Status412PreconditionFailed, "Precondition Failed");

    public static ErrorReply ContentTooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "Content Too Large");

    public static ErrorReply RangeNotSatisfiable { get; } = new(StatusCodes.Status416RangeNotSatisfiable, "Range Not Satisfiable");

    public static ErrorReply InternalServerError { get; } = new(StatusCodes.Status500InternalServerError, "Internal Server Error");

    public static ErrorReply ServiceUnavailable { get; } = new(StatusCodes.Status503ServiceUnavailable, "Service Unavailable");

    /// <summary>The media type of the body.</summary>
    public string ContentType { get; init; } = ContentTypes.Text;

    /// <summary>The body of the response: the words, unless it is a page.</summary>
    public ReadOnlyMemory<byte> Body { get; init; } = Encoding.UTF8.GetBytes(Message);

    /// <summary>Headers that go with this error.</summary>
    public IReadOnlyList<HeaderLine>? Headers { get; init; }

    /// <summary>A query that has a key twice, so that no value can be chosen. The words are those of harmonia in Rust.</summary>
    public static ErrorReply DuplicateParameter(string key) =>
        new(StatusCodes.Status400BadRequest, $"Query deserialize error: duplicate field `{key}`");

    /// <summary>The same error, after which the connection is closed.</summary>
    public ErrorReply ClosingConnection() => this with { Headers = [.. Headers ?? [], new HeaderLine("Connection", "close")] };
}
