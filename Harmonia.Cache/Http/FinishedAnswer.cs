using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Harmonia.Cache.Http;

/// <summary>
/// An answer as the bytes that go out, of which only the date and the request's id change from one request to the next. The headers
/// stand in the order that Kestrel writes them in.
/// </summary>
public sealed class FinishedAnswer
{
    private readonly byte[] _bytes;
    private readonly int _headLength;
    private readonly int _dateAt;
    private readonly int _idAt;

    private FinishedAnswer(int status, string beforeDate, string afterDate, string afterId, ReadOnlySpan<byte> body)
    {
        Status = status;
        _dateAt = beforeDate.Length;
        _idAt = _dateAt + HttpDate.Length + afterDate.Length;
        string head = $"{beforeDate}{new string(' ', HttpDate.Length)}{afterDate}{new string(' ', ShortRequestId.Length)}{afterId}";
        _headLength = head.Length;
        _bytes = new byte[head.Length + body.Length];
        Encoding.ASCII.GetBytes(head, _bytes);
        body.CopyTo(_bytes.AsSpan(_headLength));
    }

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>How many bytes of body it has.</summary>
    public int BodyLength => _bytes.Length - _headLength;

    /// <summary>Makes one.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="contentType">Of the body.</param>
    /// <param name="known">The headers with a place of their own in Kestrel's order: each with its line's end.</param>
    /// <param name="others">The other headers, in the same way.</param>
    /// <param name="body">The body.</param>
    public static FinishedAnswer Of(int status, string contentType, string known, string others, ReadOnlySpan<byte> body) => new(
        status,
        $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\nContent-Length: {body.Length}\r\nContent-Type: {contentType}\r\nDate: ",
        $"\r\n{known}{RequestId.Header}: ",
        $"\r\n{others}\r\n",
        body);

    /// <summary>How many bytes go out.</summary>
    /// <param name="hasBody">False for HEAD.</param>
    public int LengthOf(bool hasBody) => hasBody ? _bytes.Length : _headLength;

    /// <summary>Writes the bytes that go out, and returns how many.</summary>
    public int Write(Span<byte> destination, bool hasBody, ShortRequestId id)
    {
        int length = LengthOf(hasBody);
        _bytes.AsSpan(0, length).CopyTo(destination);
        HttpDate.Write(destination[_dateAt..]);
        id.Write(destination[_idAt..]);
        return length;
    }
}
