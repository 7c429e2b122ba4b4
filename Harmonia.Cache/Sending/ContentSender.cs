using System.Buffers;
using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Sending;

/// <summary>
/// Sends bodies through Kestrel: in the coding and for the range that the request asks for, and not at all if a condition of the request
/// says so.
/// </summary>
public sealed class ContentSender(Compressor compressor)
{
    // Compressing this much takes a fraction of a millisecond, which is less than a switch between threads under load.
    private const int MaxInline = 16 * 1024;

    /// <summary>Sends an error, in the <see cref="ErrorForm"/> of the request.</summary>
    public static Task SendErrorAsync(HttpContext context, ErrorReply error) =>
        PreparedResponse.Of(context.Features.Get<ErrorForm>()?.Invoke(error) ?? error).SendAsync(context);

    /// <summary>Sends bytes.</summary>
    /// <param name="context">The context of the request.</param>
    /// <param name="representation">Its size is the body's.</param>
    /// <param name="body">All of it.</param>
    public Task SendAsync(HttpContext context, Representation representation, ReadOnlyMemory<byte> body) =>
        SendAsync(context, representation, MemoryBody.Of(body));

    /// <summary>Sends a body in memory. A cached body keeps the form that is made for the client.</summary>
    /// <param name="context">The context of the request.</param>
    /// <param name="representation">Its size is the body's.</param>
    /// <param name="body">All of it.</param>
    public async Task SendAsync(HttpContext context, Representation representation, MemoryBody body)
    {
        Selection selection = Selection.Of(KestrelRequest.Of(context).Headers, representation with { Size = body.Length });
        if (selection.Result != SelectionResult.Whole || selection.Coding == ContentCoding.Identity)
        {
            await AnswerAsync(context, selection, (part, output, cancellation) => body.WriteAsync(context, output, part, cancellation));
            return;
        }

        MemoryBody? encoded = body.In(selection.Coding) ?? await EncodeAsync(selection, body, context.RequestAborted);
        if (encoded is null)
        {
            await SendAsItIsAsync(context, selection, (part, output, cancellation) => body.WriteAsync(context, output, part, cancellation));
            return;
        }

        (ResponseHead.Of(selection) with { Length = encoded.Length }).WriteTo(context);
        if (!Methods.IsHead(context.Request.Method))
            await encoded.WriteAsync(context, context.Response.BodyWriter, new ByteRange(0, encoded.Length), context.RequestAborted);
    }

    /// <summary>The response with a body in memory, encoded as selected. It may take a while, so it is not for a thread that polls sockets.</summary>
    /// <param name="headers">Those of the request.</param>
    /// <param name="selection">The whole body, in a coding.</param>
    /// <param name="body">All of it.</param>
    public PreparedResponse Compress(in SelectingHeaders headers, in Selection selection, byte[] body)
    {
        ArrayBufferWriter<byte> encoded = new();
        using ActiveCompression? compression = compressor.TryBegin(selection.Coding, selection.Representation, encoded);
        if (compression is not null)
        {
            compression.Encode(body);
            compression.End();
            return PreparedResponse.Of(selection, encoded.WrittenMemory);
        }

        // All encoders are in use. A client that takes the body as it is gets it; others may try again.
        return AcceptEncoding.Parse(headers.AcceptEncoding).AcceptsIdentity
            ? PreparedResponse.Of(selection with { Coding = ContentCoding.Identity }, body)
            : PreparedResponse.Of(ErrorReply.ServiceUnavailable);
    }

    /// <summary>Sends a body that is written piece by piece.</summary>
    /// <param name="context">The context of the request.</param>
    /// <param name="selection">What the request gets.</param>
    /// <param name="write">
    /// Writes a part of the body as it is, flushing after each piece. What it throws before the first flush can still become an error response.
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

        ResponseHead.Of(selection).WriteTo(context);
        using EncodedBody body = new(compression, output);
        await write(selection.Range, body, context.RequestAborted);
        await body.EndAsync(context.RequestAborted);
    }

    // Null when all encoders are in use. A slow client must not hold an encoder, so all is encoded before the client gets any of it.
    private async Task<MemoryBody?> EncodeAsync(Selection selection, MemoryBody body, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> encoded = new();
        using ActiveCompression? compression = compressor.TryBegin(selection.Coding, selection.Representation, encoded);
        if (compression is null)
            return null;
        if (body.Length <= MaxInline)
            Encode(compression, body);
        else
            await Task.Run(() => Encode(compression, body), cancellationToken);
        return body.Add(selection.Coding, encoded.WrittenMemory);
    }

    /// <summary>Responds if <see cref="Selection.IsDecided"/>, or if the body has none of the bytes that are asked for.</summary>
    public static Task SendDecidedAsync(HttpContext context, Selection selection) => PreparedResponse.Of(selection, default).SendAsync(context);

    // All encoders are in use. A client that takes the body as it is gets it; others may try again.
    private static Task SendAsItIsAsync(
        HttpContext context, Selection selection, Func<ByteRange, PipeWriter, CancellationToken, Task> write) =>
        AcceptEncoding.Parse(context.Request.Headers.AcceptEncoding).AcceptsIdentity
            ? AnswerAsync(context, selection with { Coding = ContentCoding.Identity }, write)
            : ContentSender.SendErrorAsync(context, ErrorReply.ServiceUnavailable);

    private static async Task AnswerAsync(
        HttpContext context, Selection selection, Func<ByteRange, PipeWriter, CancellationToken, Task> write)
    {
        if (selection.Result is not (SelectionResult.Whole or SelectionResult.Partial))
        {
            await SendDecidedAsync(context, selection);
            return;
        }

        ResponseHead.Of(selection).WriteTo(context);
        if (!Methods.IsHead(context.Request.Method))
            await write(selection.Range, context.Response.BodyWriter, context.RequestAborted);
    }

    private static void Encode(ActiveCompression compression, MemoryBody body)
    {
        compression.Encode(body.Read().Span);
        compression.End();
    }
}
