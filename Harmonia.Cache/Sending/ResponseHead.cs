using System.Globalization;
using System.Text.Unicode;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.WebUtilities;

namespace Harmonia.Cache.Sending;

/// <summary>
/// The status and the headers of a response. This is the one place that writes them, to Kestrel or as bytes for the fast front. The
/// bytes are in the order in which Kestrel writes headers.
/// </summary>
public readonly record struct ResponseHead
{
    // Long enough for a daemon to restart, short enough not to be felt. Nix honours it from 2.35 on.
    private const string RetryAfterSeconds = "5";

    private const string Vary = "Accept-Encoding";

    // The longest of ours has some 500 bytes.
    private const int MaxLength = 2048;

    /// <summary>The line of a response after which the connection ends.</summary>
    public static ReadOnlySpan<byte> Closing => "Connection: close\r\n"u8;

    public required int Status { get; init; }

    public string? ContentType { get; init; }

    /// <summary>The length of the body; null when it is not known, or when there can be no body.</summary>
    public long? Length { get; init; }

    public bool AcceptsRanges { get; init; }

    public string? CacheControl { get; init; }

    public ContentCoding Coding { get; init; }

    public string? ContentRange { get; init; }

    public EntityTag? Tag { get; init; }

    /// <summary>Whether another Accept-Encoding may select another response.</summary>
    public bool VariesByCoding { get; init; }

    public IReadOnlyList<HeaderLine>? Others { get; init; }

    /// <summary>The head of what a request gets of a representation.</summary>
    public static ResponseHead Of(in Selection selection)
    {
        Representation representation = selection.Representation;
        switch (selection.Result)
        {
            case SelectionResult.PreconditionFailed:
                return Of(ErrorReply.PreconditionFailed) with { Others = representation.Others };
            case SelectionResult.Unsatisfiable:
                return Of(ErrorReply.RangeNotSatisfiable) with { ContentRange = $"bytes */{SizeOf(representation)}", Others = representation.Others };
        }

        ResponseHead head = new()
        {
            Status = StatusCodes.Status304NotModified,
            CacheControl = representation.CacheControl,
            Tag = representation.Tag?.In(selection.Coding),
            VariesByCoding = (representation.Offered | representation.Coding) != ContentCoding.Identity,
            Others = representation.Others,
        };
        if (selection.Result == SelectionResult.NotModified)
            return head;

        bool isEncodedHere = selection.Coding != ContentCoding.Identity;
        return head with
        {
            Status = selection.Part is null ? StatusCodes.Status200OK : StatusCodes.Status206PartialContent,
            ContentType = representation.ContentType,
            ContentRange = selection.Part is { } part ? $"bytes {part.Offset}-{part.Last}/{SizeOf(representation)}" : null,
            Coding = isEncodedHere ? selection.Coding : representation.Coding,
            // A client that gets a compressed body would count other bytes than a range does.
            AcceptsRanges = representation.AcceptsRanges && !isEncodedHere,
            Length = isEncodedHere ? null : selection.Part?.Length ?? representation.Size,
        };
    }

    /// <summary>The head of an error.</summary>
    public static ResponseHead Of(ErrorReply error) => new()
    {
        Status = error.Status,
        ContentType = error.ContentType,
        Length = error.Body.Length,
        CacheControl = CachePolicy.NoStore,
        Others = error.Headers,
    };

    /// <summary>Writes it to a response of Kestrel, whose body has not begun.</summary>
    public void WriteTo(HttpContext context)
    {
        HttpResponse response = context.Response;
        IHeaderDictionary headers = response.Headers;
        response.StatusCode = Status;
        headers[CacheRequest.IdHeader] = context.TraceIdentifier;
        if (Length is not null)
            response.ContentLength = Length;
        if (ContentType is not null)
            headers.ContentType = ContentType;
        if (AcceptsRanges)
            headers.AcceptRanges = "bytes";
        if (CacheControl is not null)
            headers.CacheControl = CacheControl;
        if (Coding != ContentCoding.Identity)
            headers.ContentEncoding = ContentCodings.NameOf(Coding);
        if (ContentRange is not null)
            headers.ContentRange = ContentRange;
        if (Tag is { } tag)
            headers.ETag = tag.Text;
        if (Status == StatusCodes.Status503ServiceUnavailable)
            headers.RetryAfter = RetryAfterSeconds;
        if (VariesByCoding)
            headers.Vary = Vary;
        foreach (HeaderLine other in Others ?? [])
            headers.Append(other.Name, other.Value);
    }

    /// <summary>The bytes of it, with blanks where the date and the id of a request belong.</summary>
    /// <param name="connectionAt">Where <see cref="Closing"/> belongs.</param>
    /// <param name="dateAt">Where the date begins.</param>
    /// <param name="idAt">Where the id begins.</param>
    public byte[] ToBytes(out int connectionAt, out int dateAt, out int idAt)
    {
        Span<byte> room = stackalloc byte[MaxLength];
        int end = 0;
        Utf8.TryWrite(room, CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} {ReasonPhrases.GetReasonPhrase(Status)}\r\n", out end);
        if (Length is { } length)
        {
            Utf8.TryWrite(room[end..], CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n", out int written);
            end += written;
        }

        connectionAt = end;
        Add(room, ref end, "Content-Type", ContentType);
        dateAt = AddBlanks(room, ref end, "Date", PreparedResponse.DateLength);
        Add(room, ref end, "Accept-Ranges", AcceptsRanges ? "bytes" : null);
        Add(room, ref end, "Cache-Control", CacheControl);
        Add(room, ref end, "Content-Encoding", Coding == ContentCoding.Identity ? null : ContentCodings.NameOf(Coding));
        Add(room, ref end, "Content-Range", ContentRange);
        Add(room, ref end, "ETag", Tag?.Text);
        Add(room, ref end, "Retry-After", Status == StatusCodes.Status503ServiceUnavailable ? RetryAfterSeconds : null);
        Add(room, ref end, "Vary", VariesByCoding ? Vary : null);
        idAt = AddBlanks(room, ref end, CacheRequest.IdHeader, FastRequest.IdLength);
        foreach (HeaderLine other in Others ?? [])
            Add(room, ref end, other.Name, other.Value);
        "\r\n"u8.CopyTo(room[end..]);
        return room[..(end + 2)].ToArray();
    }

    private static string SizeOf(in Representation representation) =>
        // RFC 9110, section 14.4: while the length of the whole is not known, an asterisk stands for it.
        representation.Size?.ToString(CultureInfo.InvariantCulture) ?? "*";

    private static void Add(Span<byte> room, ref int end, string name, string? value)
    {
        if (value is null)
            return;
        if (!Utf8.TryWrite(room[end..], $"{name}: {value}\r\n", out int written))
            throw new InvalidOperationException($"The headers of a response take more than {MaxLength} bytes.");
        end += written;
    }

    private static int AddBlanks(Span<byte> room, ref int end, string name, int count)
    {
        Utf8.TryWrite(room[end..], $"{name}: ", out int written);
        int at = end + written;
        room.Slice(at, count).Fill((byte)' ');
        end = at + count;
        "\r\n"u8.CopyTo(room[end..]);
        end += 2;
        return at;
    }
}
