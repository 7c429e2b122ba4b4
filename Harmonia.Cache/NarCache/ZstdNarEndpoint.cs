using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Nar;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// <c>/nar/&lt;outhash&gt;-&lt;narhash&gt;.nar.zst</c>: a NAR compressed by zstd, from a stored file or from the file of a compression job. A NAR
/// that is not worth compressing is sent as a frame that compresses nothing. So is every NAR while none are stored, because clients keep
/// narinfos with this URL for a month, whatever the configuration is by then.
/// </summary>
/// <param name="requests">Finds store paths and opens their files.</param>
/// <param name="sender">Sends bodies whose length is known.</param>
/// <param name="logger">Logs why a client must wait.</param>
/// <param name="cache">The stored NARs; null if none are stored.</param>
public sealed class ZstdNarEndpoint(
    NarRequests requests, ContentSender sender, ILogger<ZstdNarEndpoint> logger, NarFileCache? cache = null)
{
    // Clients wait 300 s for a byte. A client that must come again finds the file then.
    private static readonly TimeSpan CompressionTimeout = TimeSpan.FromMinutes(2);

    private const string RawRecipe = "raw";
    private const string TooManyStreams = "too many clients get NARs that are not stored";

    public Task RunAsync(HttpContext context, Route route) => requests.ServeAsync(context, route, path => SendAsync(context, path));

    private async Task SendAsync(HttpContext context, ValidPathInfo path)
    {
        if (await TrySendStoredAsync(context, path))
            return;
        using OpenNar? nar = await requests.OpenAsync(context, path, isWhole: false);
        if (nar is null)
            return;
        try
        {
            await SendAsync(context, new NarSource(path, nar.Index, nar.Root, nar.Verify));
        }
        catch (IOException)
        {
            // The next request reads the files again, in case they were repaired.
            nar.Forget();
            throw;
        }
    }

    // Sends the stored file without reading the store. Returns false and sends nothing if there is no file.
    private async Task<bool> TrySendStoredAsync(HttpContext context, ValidPathInfo path)
    {
        if (cache?.Find(path.Info.NarHash) is not { IsIncompressible: false } nar)
            return false;
        using SafeFileHandle? file = cache.Open(nar);
        if (file is null)
            return false;
        await SendFileAsync(context, RepresentationOf(path, nar.Recipe), file, nar.Size);
        return true;
    }

    private async Task SendAsync(HttpContext context, NarSource source)
    {
        if (cache is null || await cache.IsIncompressibleAsync(source))
        {
            await SendRawAsync(context, source);
            return;
        }

        Representation representation = RepresentationOf(source.Path, cache.Recipe);
        Selection selection = Selection.Of(KestrelRequest.Of(context).Headers, representation);
        if (selection.IsDecided || Methods.IsHead(context.Request.Method))
            await sender.SendAsync(context, selection, static (_, _, _) => Task.CompletedTask);
        else if (!cache.CanStore(source))
            await StreamAsync(context, cache, source);
        else if (cache.Join(source) is { } job)
            await SendJobAsync(context, cache, job, selection);
        else
            await RefuseAsync(context, source, "too many NARs are to be compressed");
    }

    private static Representation RepresentationOf(ValidPathInfo path, string recipe) => new()
    {
        ContentType = ContentTypes.Zstd,
        Tag = EntityTag.Strong($"{path.Info.NarHash.ToBase32()}-{recipe}"),
        CacheControl = CachePolicy.Nar,
        AcceptsRanges = true,
    };

    private async Task SendRawAsync(HttpContext context, NarSource source)
    {
        Representation representation = RepresentationOf(source.Path, RawRecipe) with { Size = RawFrame.LengthOf(source.Size) };
        await sender.SendAsync(context, Selection.Of(KestrelRequest.Of(context).Headers, representation), async (part, output, cancellation) =>
        {
            using RawFrame frame = new(source);
            await BodyPieces.WriteAsync(output, part.Offset, part.Offset + part.Length, frame.Fill, cancellation);
        });
    }

    private async Task SendFileAsync(HttpContext context, Representation representation, SafeFileHandle file, long length) =>
        await sender.SendAsync(
            context, Selection.Of(KestrelRequest.Of(context).Headers, representation with { Size = length }),
            (part, output, cancellation) => FileBody.WriteAsync(context, output, file, part, cancellation));

    private async Task SendJobAsync(HttpContext context, NarFileCache cache, CompressionJob job, Selection selection)
    {
        try
        {
            await SendGrowingAsync(context, cache, job, selection);
        }
        catch (NotStoredException) when (!context.Response.HasStarted)
        {
            await StreamAsync(context, cache, job.Source);
        }
        catch (TimeoutException) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, job.Source, $"it is not compressed after {CompressionTimeout.TotalSeconds} s");
        }
        finally
        {
            job.Leave();
        }
    }

    private async Task SendGrowingAsync(HttpContext context, NarFileCache cache, CompressionJob job, Selection selection)
    {
        Representation representation = selection.Representation;
        CancellationToken aborted = context.RequestAborted;
        bool wantsPart = RangeRequest.Select(KestrelRequest.Of(context).Headers, representation.Tag.GetValueOrDefault(), long.MaxValue, out ByteRange part) != RangeResult.Whole;
        if (wantsPart && part.Length > 0 && part.Last < job.Length)
        {
            await sender.SendAsync(
                context, selection with { Result = SelectionResult.Partial, Part = part },
                (wanted, output, cancellation) => FileBody.WriteAsync(context, output, job.File, wanted, cancellation, mayGrow: true));
            return;
        }

        // A range whose end depends on the length needs the whole file, and HTTP/1.0 needs the length of a body.
        if (job.IsSmall || wantsPart || HttpProtocol.IsHttp10(context.Request.Protocol))
        {
            long length = await job.WaitWholeAsync(aborted).AsTask().WaitAsync(CompressionTimeout, aborted);
            await SendFileAsync(context, representation, job.File, length);
            return;
        }

        await job.WaitBeyondAsync(0, aborted).AsTask().WaitAsync(CompressionTimeout, aborted);
        await sender.SendAsync(
            context, selection, (_, output, cancellation) => FollowAsync(context, cache, job, output, cancellation));
    }

    private static async Task FollowAsync(
        HttpContext context, NarFileCache cache, CompressionJob job, PipeWriter output, CancellationToken cancellationToken)
    {
        long position = 0;
        try
        {
            long length;
            while ((length = await job.WaitBeyondAsync(position, cancellationToken)) > position)
            {
                ByteRange part = new(position, length - position);
                await FileBody.WriteAsync(context, output, job.File, part, cancellationToken, mayGrow: true);
                position = length;
            }
        }
        catch (NotStoredException exception)
        {
            // The bytes are the same each time, so the stream goes on where the client is.
            if (!await TryStreamFromAsync(cache, job.Source, position, output, cancellationToken))
                throw new NotStoredException(TooManyStreams, exception);
        }
    }

    private static Task<bool> TryStreamFromAsync(
        NarFileCache cache, NarSource source, long position, PipeWriter output, CancellationToken cancellationToken)
    {
        return cache.TryStreamAsync(source, TakeAsync, cancellationToken);

        Task TakeAsync(Frame frame, bool isLast)
        {
            int skipped = (int)Math.Min(position, frame.Output.Length);
            position -= skipped;
            return BodyPieces.WriteAsync(
                output, skipped, frame.Output.Length, (offset, piece) => frame.Output.Slice((int)offset, piece.Length).CopyTo(piece),
                cancellationToken);
        }
    }

    private async Task StreamAsync(HttpContext context, NarFileCache cache, NarSource source)
    {
        // No length and no ranges: the client cannot resume a download that is not stored.
        Representation representation = RepresentationOf(source.Path, cache.Recipe) with { AcceptsRanges = false };
        bool isStreamed = true;
        await sender.SendAsync(
            context, Selection.Of(KestrelRequest.Of(context).Headers, representation),
            async (_, output, cancellation) => isStreamed = await TryStreamFromAsync(cache, source, position: 0, output, cancellation));
        if (!isStreamed)
        {
            context.Response.Clear();
            await RefuseAsync(context, source, TooManyStreams);
        }
    }

    private Task RefuseAsync(HttpContext context, NarSource source, string reason)
    {
        logger.NarMustWait(source.Path.Path.BaseName, reason, context.TraceIdentifier);
        return ContentSender.SendErrorAsync(context, ErrorReply.ServiceUnavailable);
    }
}
