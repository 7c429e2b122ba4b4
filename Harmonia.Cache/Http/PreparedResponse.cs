using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Harmonia.Cache.Http;

/// <summary>
/// An answer as the bytes that go out, of which only the date and the request's id change from one request to the next. The headers
/// stand in the order that Kestrel writes them in.
/// </summary>
public sealed class PreparedResponse
{
    private readonly byte[] _head;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly int _dateAt;
    private readonly int _idAt;

    private PreparedResponse(int status, string beforeDate, string afterDate, string afterId, ReadOnlyMemory<byte> body)
    {
        (Status, _body) = (status, body);
        _dateAt = beforeDate.Length;
        _idAt = _dateAt + HttpDate.Length + afterDate.Length;
        _head = Encoding.ASCII.GetBytes(
            $"{beforeDate}{new string(' ', HttpDate.Length)}{afterDate}{new string(' ', ShortRequestId.Length)}{afterId}");
    }

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>How many bytes of body it has.</summary>
    public int BodyLength => _body.Length;

    /// <summary>Makes one.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="contentType">Of the body.</param>
    /// <param name="known">The headers with a place of their own in Kestrel's order: each with its line's end.</param>
    /// <param name="others">The other headers, in the same way.</param>
    /// <param name="body">The body; it stays as it is.</param>
    public static PreparedResponse Of(int status, string contentType, string known, string others, ReadOnlyMemory<byte> body) => new(
        status,
        $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\nContent-Length: {body.Length}\r\nContent-Type: {contentType}\r\nDate: ",
        $"\r\n{known}{RequestId.Header}: ",
        $"\r\n{others}\r\n",
        body);

    /// <summary>How many bytes go out.</summary>
    /// <param name="hasBody">False for HEAD.</param>
    public int LengthOf(bool hasBody) => hasBody ? _head.Length + _body.Length : _head.Length;

    /// <summary>Writes the bytes that go out.</summary>
    public void Write(Span<byte> destination, bool hasBody, ShortRequestId id)
    {
        _head.CopyTo(destination);
        HttpDate.Write(destination[_dateAt..]);
        id.Write(destination[_idAt..]);
        if (hasBody)
            _body.Span.CopyTo(destination[_head.Length..]);
    }
}
