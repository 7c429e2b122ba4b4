using System.IO.Pipelines;
using Harmonia.Cache.Compression;
using Harmonia.Cache.Http;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.Observability;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Endpoints;

/// <summary>
/// <c>/nar/&lt;outhash&gt;-&lt;narhash&gt;.nar.zst</c>: a NAR compressed by zstd, from a file that is stored or just being made. What is
/// not worth compressing, and everything while no NARs are stored, comes in a frame that compresses nothing: clients hold narinfos with
/// this URL for a month, whatever is configured meanwhile.
/// </summary>
/// <param name="sender">Sends bodies whose length is known.</param>
/// <param name="logger">Hears why somebody must wait.</param>
/// <param name="cache">Null when no NARs are stored.</param>
public sealed class ZstdNar(ContentSender sender, ILogger<ZstdNar> logger, NarFileCache? cache = null)
{
    // Clients wait 300 s for a byte. One that is told to come again finds it made then.
    private static readonly TimeSpan CompressionTimeout = TimeSpan.FromMinutes(2);

    private const string RawRecipe = "raw";
    private const string TooManyStreams = "too many clients get NARs that are not stored";

    /// <summary>Answers from the stored file, without a look at the store. False, and no answer, when there is none.</summary>
    public async Task<bool> TrySendStoredAsync(HttpContext context, ValidPathInfo path)
    {
        if (cache?.Find(path.Info.NarHash) is not { IsIncompressible: false } nar)
            return false;
        using SafeFileHandle? file = cache.Open(nar);
        if (file is null)
            return false;
        await SendFileAsync(context, RepresentationOf(path, nar.Recipe), file, nar.Size);
        return true;
    }

    /// <summary>Answers by making it.</summary>
    /// <exception cref="IOException">The NAR cannot be made of its files.</exception>
    public async Task SendAsync(HttpContext context, NarSource source)
    {
        if (cache is null || await cache.IsIncompressibleAsync(source))
        {
            await SendRawAsync(context, source);
            return;
        }

        Representation representation = RepresentationOf(source.Path, cache.Recipe);
        Selection selection = sender.Select(context.Request, representation);
        if (selection.IsDecided || Methods.IsHead(context.Request.Method))
            await sender.SendAsync(context, selection, static (_, _, _) => Task.CompletedTask);
        else if (!cache.CanStore(source))
            await StreamAsync(context, cache, source);
        else if (cache.Join(source) is { } making)
            await SendJobAsync(context, cache, making, selection);
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
        await sender.SendAsync(context, sender.Select(context.Request, representation), async (part, output, cancellation) =>
        {
            using RawFrame frame = new(source);
            await BodyPieces.WriteAsync(output, part.Offset, part.Offset + part.Length, frame.Fill, cancellation);
        });
    }

    private async Task SendFileAsync(HttpContext context, Representation representation, SafeFileHandle file, long length) =>
        await sender.SendAsync(
            context, sender.Select(context.Request, representation with { Size = length }),
            (part, output, cancellation) => FileBody.WriteAsync(context, output, file, part, cancellation));

    private async Task SendJobAsync(HttpContext context, NarFileCache cache, CompressionJob making, Selection selection)
    {
        try
        {
            await SendGrowingAsync(context, cache, making, selection);
        }
        catch (NotStoredException) when (!context.Response.HasStarted)
        {
            await StreamAsync(context, cache, making.Source);
        }
        catch (TimeoutException) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, making.Source, $"it is not compressed after {CompressionTimeout.TotalSeconds} s");
        }
        finally
        {
            making.Leave();
        }
    }

    private async Task SendGrowingAsync(HttpContext context, NarFileCache cache, CompressionJob making, Selection selection)
    {
        HttpRequest request = context.Request;
        Representation representation = selection.Representation;
        CancellationToken aborted = context.RequestAborted;
        bool wantsPart = RangeRequest.Select(request, representation.Tag.GetValueOrDefault(), long.MaxValue, out ByteRange part) != RangeResult.Whole;
        if (wantsPart && part.Length > 0 && part.Last < making.Length)
        {
            await sender.SendAsync(
                context, selection with { Result = SelectionResult.Partial, Range = part },
                (wanted, output, cancellation) => FileBody.WriteAsync(context, output, making.File, wanted, cancellation, mayGrow: true));
            return;
        }

        // A part whose end depends on the length can't be told without it, and HTTP/1.0 knows no other end of a body than its length.
        if (making.IsSmall || wantsPart || HttpProtocol.IsHttp10(request.Protocol))
        {
            long length = await making.WaitWholeAsync(aborted).AsTask().WaitAsync(CompressionTimeout, aborted);
            await SendFileAsync(context, representation, making.File, length);
            return;
        }

        await making.WaitBeyondAsync(0, aborted).AsTask().WaitAsync(CompressionTimeout, aborted);
        await sender.SendAsync(
            context, selection, (_, output, cancellation) => FollowAsync(context, cache, making, output, cancellation));
    }

    private static async Task FollowAsync(
        HttpContext context, NarFileCache cache, CompressionJob making, PipeWriter output, CancellationToken cancellationToken)
    {
        long position = 0;
        try
        {
            long length;
            while ((length = await making.WaitBeyondAsync(position, cancellationToken)) > position)
            {
                ByteRange part = new(position, length - position);
                await FileBody.WriteAsync(context, output, making.File, part, cancellationToken, mayGrow: true);
                position = length;
            }
        }
        catch (NotStoredException exception)
        {
            // The bytes are the same each time, so what the client has counts.
            if (!await TryStreamFromAsync(cache, making.Source, position, output, cancellationToken))
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
        // No length and no ranges: what is not stored can't be gone on with.
        Representation representation = RepresentationOf(source.Path, cache.Recipe) with { AcceptsRanges = false };
        bool isStreamed = true;
        await sender.SendAsync(
            context, sender.Select(context.Request, representation),
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
        return ErrorReply.ServiceUnavailable.WriteAsync(context);
    }
}
