using System.Globalization;
using System.Text;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Sending;

/// <summary>
/// A response that is in memory, head and body. Both fronts send it; of the bytes that the fast front sends only the date and the id
/// change from one request to the next.
/// </summary>
public sealed class PreparedResponse
{
    /// <summary>The number of bytes of a date.</summary>
    public const int DateLength = 29;

    // Made once a second: it takes 150 ns, a tenth of a whole response.
    private static Second _second = new(0);

    private readonly ResponseHead _head;
    private readonly ResponseTemplate? _template;
    private readonly ReadOnlyMemory<byte> _body;
    private HeadBytes? _bytes;

    private PreparedResponse(in ResponseHead head, ReadOnlyMemory<byte> body) => (_head, _body, Status) = (head, body, head.Status);

    private PreparedResponse(ResponseTemplate template, HeadBytes bytes, ReadOnlyMemory<byte> body) =>
        (_template, _bytes, _body, Status) = (template, bytes, body, StatusCodes.Status200OK);

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>How many bytes the body has.</summary>
    public int BodyLength => _body.Length;

    /// <summary>Prepares a small body that is the same for all clients.</summary>
    public static PreparedResponse Of(string contentType, ReadOnlyMemory<byte> body, string? cacheControl = null) => new(
        new ResponseHead { Status = StatusCodes.Status200OK, ContentType = contentType, Length = body.Length, CacheControl = cacheControl }, body);

    /// <summary>Prepares an error.</summary>
    public static PreparedResponse Of(ErrorReply error) => new(ResponseHead.Of(error), error.Body);

    /// <summary>Prepares what a request gets of a body in memory.</summary>
    /// <param name="selection">What it gets.</param>
    /// <param name="body">All of the body, in the coding of the selection.</param>
    public static PreparedResponse Of(in Selection selection, ReadOnlyMemory<byte> body) => selection.Result switch
    {
        SelectionResult.PreconditionFailed => new(ResponseHead.Of(selection), ErrorReply.PreconditionFailed.Body),
        SelectionResult.Unsatisfiable => new(ResponseHead.Of(selection), ErrorReply.RangeNotSatisfiable.Body),
        SelectionResult.NotModified => new(ResponseHead.Of(selection), default),
        SelectionResult.Partial => new(ResponseHead.Of(selection), body.Slice((int)selection.Range.Offset, (int)selection.Range.Length)),
        _ => new(ResponseHead.Of(selection) with { Length = body.Length }, body),
    };

    /// <summary>Prepares the whole of a body, with the head of a template.</summary>
    /// <param name="template">The head.</param>
    /// <param name="digest">The digest of the body that its tag shows.</param>
    /// <param name="value">The value of the template's header.</param>
    /// <param name="body">All of the body.</param>
    public static PreparedResponse Of(ResponseTemplate template, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> value, ReadOnlyMemory<byte> body)
    {
        byte[] bytes = template.Fill(body.Length, digest, value, out int connectionAt, out int dateAt, out int idAt);
        return new PreparedResponse(template, new HeadBytes(bytes, connectionAt, dateAt, idAt), body);
    }

    /// <summary>Prepares what a request gets of a body of which only that part is in memory: 200 or 206, in no coding.</summary>
    /// <param name="selection">What it gets.</param>
    /// <param name="part">The range of the selection.</param>
    public static PreparedResponse OfPart(in Selection selection, ReadOnlyMemory<byte> part) => new(ResponseHead.Of(selection), part);

    /// <summary>Sends it through Kestrel.</summary>
    public Task SendAsync(HttpContext context)
    {
        ResponseHead head = _template is null ? _head : _template.Read(Bytes().All, Bytes().ConnectionAt, _body.Length);
        head.WriteTo(context);
        return Methods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : BodyBytes.WriteAsync(context.Response.BodyWriter, _body, context.RequestAborted);
    }

    /// <summary>How many bytes <see cref="Write"/> writes.</summary>
    /// <param name="hasBody">False for HEAD.</param>
    /// <param name="isLast">Whether the connection ends after it.</param>
    public int LengthOf(bool hasBody, bool isLast) =>
        Bytes().All.Length + (isLast ? ResponseHead.Closing.Length : 0) + (hasBody ? _body.Length : 0);

    /// <summary>Writes all bytes of the response.</summary>
    /// <param name="destination">Has room for them.</param>
    /// <param name="hasBody">False for HEAD.</param>
    /// <param name="request">The request, whose id is in the response.</param>
    /// <param name="isLast">Whether the connection ends after it.</param>
    public void Write(Span<byte> destination, bool hasBody, FastRequest request, bool isLast)
    {
        HeadBytes head = Bytes();
        if (isLast)
        {
            head.All.AsSpan(0, head.ConnectionAt).CopyTo(destination);
            ResponseHead.Closing.CopyTo(destination[head.ConnectionAt..]);
            // The positions are those of a head without this line.
            destination = destination[ResponseHead.Closing.Length..];
            head.All.AsSpan(head.ConnectionAt).CopyTo(destination[head.ConnectionAt..]);
        }
        else
        {
            head.All.CopyTo(destination);
        }

        WriteDate(destination[head.DateAt..]);
        request.WriteId(destination[head.IdAt..]);
        if (hasBody)
            _body.Span.CopyTo(destination[head.All.Length..]);
    }

    // RFC 9110, section 5.6.7.
    private static void WriteDate(Span<byte> destination)
    {
        long now = DateTime.UtcNow.Ticks / TimeSpan.TicksPerSecond;
        Second second = _second;
        if (second.Number != now)
            _second = second = new Second(now);
        second.Date.CopyTo(destination);
    }

    private HeadBytes Bytes()
    {
        if (_bytes is { } known)
            return known;
        byte[] bytes = _head.ToBytes(out int connectionAt, out int dateAt, out int idAt);
        return _bytes = new HeadBytes(bytes, connectionAt, dateAt, idAt);
    }

    private sealed record HeadBytes(byte[] All, int ConnectionAt, int DateAt, int IdAt);

    private sealed record Second(long Number)
    {
        public byte[] Date { get; } = Encoding.ASCII.GetBytes(
            new DateTime(Number * TimeSpan.TicksPerSecond, DateTimeKind.Utc).ToString("r", CultureInfo.InvariantCulture));
    }
}
