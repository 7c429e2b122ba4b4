using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Sending;

/// <summary>
/// Sends bodies: with the validators, in the coding and for the range that the request asks for, and not at all where a condition
/// says so.
/// </summary>
public sealed class ContentSender(Compressor compressor)
{
    // Compressing as much takes a fraction of a millisecond, which is less than a hop between threads under load.
    private const int MaxInline = 16 * 1024;

    /// <summary>What a request gets of a representation. An endpoint looks itself only if it can save the work on a body.</summary>
    public Selection Select(HttpRequest request, Representation representation) =>
        Selection.Of(request, representation, compressor.OfferFor(representation));

    /// <summary>Sends a body that is in memory.</summary>
    /// <param name="context">Whose answer it is.</param>
    /// <param name="representation">Its size is the body's.</param>
    /// <param name="body">All of it.</param>
    public Task SendAsync(HttpContext context, Representation representation, ReadOnlyMemory<byte> body) =>
        SendAsync(context, representation, MemoryBody.Of(body), kept: null);

    /// <summary>Sends a body that is kept in memory, and keeps the coded form that the client takes with it.</summary>
    /// <param name="context">Whose answer it is.</param>
    /// <param name="representation">Its size is the body's.</param>
    /// <param name="body">All of it.</param>
    public Task SendAsync(HttpContext context, Representation representation, EncodedBodies body) =>
        SendAsync(context, representation, body.Plain, body);

    /// <summary>Sends a body that is written piece by piece.</summary>
    /// <param name="context">Whose answer it is.</param>
    /// <param name="selection">Of <see cref="Select"/>.</param>
    /// <param name="write">
    /// Writes a part of the body as it is, flushing after each piece. What it throws before the first flush can still become an answer.
    /// </param>
    public async Task SendAsync(HttpContext context, Selection selection, Func<ByteRange, PipeWriter, CancellationToken, Task> write)
    {
        if (selection.Coding == ContentCoding.Identity || selection.Result != SelectionResult.Whole || Methods.IsHead(context.Request.Method))
        {
            await AnswerAsync(context, selection, write);
            return;
        }

        PipeWriter output = context.Response.BodyWriter;
        using ActiveCompression? compression = compressor.TryBegin(selection.Coding, selection.Representation, output);
        if (compression is null)
        {
            await SendAsItIsAsync(context, selection, write);
            return;
        }

        WriteHeaders(context.Response, selection);
        using EncodedBody body = new(compression, output);
        await write(selection.Range, body, context.RequestAborted);
        await body.EndAsync(context.RequestAborted);
    }

    private async Task SendAsync(HttpContext context, Representation representation, MemoryBody plain, EncodedBodies? kept)
    {
        Selection selection = Select(context.Request, representation with { Size = plain.Length });
        if (selection.Result != SelectionResult.Whole || selection.Coding == ContentCoding.Identity)
        {
            await AnswerAsync(context, selection, (part, output, cancellation) => plain.WriteAsync(context, output, part, cancellation));
            return;
        }

        MemoryBody? coded = kept?.In(selection.Coding) ?? await EncodeAsync(selection, plain, kept, context.RequestAborted);
        if (coded is null)
        {
            await SendAsItIsAsync(context, selection, (part, output, cancellation) => plain.WriteAsync(context, output, part, cancellation));
            return;
        }

        WriteHeaders(context.Response, selection);
        context.Response.ContentLength = coded.Length;
        if (!Methods.IsHead(context.Request.Method))
            await coded.WriteAsync(context, context.Response.BodyWriter, new ByteRange(0, coded.Length), context.RequestAborted);
    }

    // Null when all encoders are in use. A slow client must not keep the place, so all is encoded before it gets any of it.
    private async Task<MemoryBody?> EncodeAsync(Selection selection, MemoryBody plain, EncodedBodies? kept, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> encoded = new();
        using ActiveCompression? compression = compressor.TryBegin(selection.Coding, selection.Representation, encoded);
        if (compression is null)
            return null;
        if (plain.Length <= MaxInline)
            Encode(compression, plain);
        else
            await Task.Run(() => Encode(compression, plain), cancellationToken);
        return kept?.Keep(selection.Coding, encoded.WrittenSpan) ?? MemoryBody.Of(encoded.WrittenMemory);
    }

    /// <summary>Answers without a body what <see cref="Selection.IsDecided"/> says.</summary>
    public static Task SendDecidedAsync(HttpContext context, Selection selection)
    {
        HttpResponse response = context.Response;
        if (selection.Result == SelectionResult.PreconditionFailed)
            return ErrorReply.PreconditionFailed.WriteAsync(context);
        response.StatusCode = StatusCodes.Status304NotModified;
        WriteValidators(response, selection);
        return Task.CompletedTask;
    }

    // All encoders are in use. Who can do without gets the body all the same, and others may come again.
    private static Task SendAsItIsAsync(
        HttpContext context, Selection selection, Func<ByteRange, PipeWriter, CancellationToken, Task> write) =>
        AcceptEncoding.Parse(context.Request.Headers.AcceptEncoding).AcceptsIdentity
            ? AnswerAsync(context, selection with { Coding = ContentCoding.Identity }, write)
            : ErrorReply.ServiceUnavailable.WriteAsync(context);

    private static async Task AnswerAsync(
        HttpContext context, Selection selection, Func<ByteRange, PipeWriter, CancellationToken, Task> write)
    {
        if (selection.IsDecided)
        {
            await SendDecidedAsync(context, selection);
            return;
        }

        HttpResponse response = context.Response;
        // RFC 9110, section 14.4: while the length of the whole is not known, an asterisk stands for it.
        string size = selection.Representation.Size?.ToString(CultureInfo.InvariantCulture) ?? "*";
        switch (selection.Result)
        {
            case SelectionResult.Partial:
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = $"bytes {selection.Range.Offset}-{selection.Range.Last}/{size}";
                break;
            case SelectionResult.Unsatisfiable:
                response.Headers.ContentRange = $"bytes */{size}";
                await ErrorReply.RangeNotSatisfiable.WriteAsync(context);
                return;
        }

        WriteHeaders(response, selection);
        if (!Methods.IsHead(context.Request.Method))
            await write(selection.Range, response.BodyWriter, context.RequestAborted);
    }

    private static void WriteHeaders(HttpResponse response, Selection selection)
    {
        Representation representation = selection.Representation;
        response.Headers.ContentType = representation.ContentType;
        WriteValidators(response, selection);
        if (selection.Coding != ContentCoding.Identity)
        {
            response.Headers.ContentEncoding = ContentCodings.NameOf(selection.Coding);
            return;
        }

        // Not on a compressed answer: its client would count other bytes than a range does.
        if (representation.AcceptsRanges)
            response.Headers.AcceptRanges = "bytes";
        if (representation.Size is not null || selection.Result == SelectionResult.Partial)
            response.ContentLength = selection.Range.Length;
    }

    private static void WriteValidators(HttpResponse response, Selection selection)
    {
        if (selection.Representation.Tag is { } tag)
            response.Headers.ETag = tag.In(selection.Coding).Text;
        if (selection.Representation.CacheControl is { } cacheControl)
            response.Headers.CacheControl = cacheControl;
        if (selection.Offered != ContentCoding.Identity)
            response.Headers.Vary = "Accept-Encoding";
    }

    private static void Encode(ActiveCompression compression, MemoryBody body)
    {
        compression.Encode(body.Read().Span);
        compression.End();
    }
}
