using System.IO.Pipelines;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Nar;

/// <summary><c>/&lt;hash&gt;.ls</c>: the tree of a path, and the offset of each file in its NAR.</summary>
public sealed class NarListingEndpoint(
    CachingCatalog catalog, StoreNars nars, NarListings listings, ContentSender sender, ILogger<NarListingEndpoint> logger)
{
    // A NAR is larger than its listing, so the listing of a small NAR is not worth compressing.
    private const ulong SmallNar = 4096;

    public async Task RunAsync(HttpContext context, StorePathHash hash)
    {
        CancellationToken aborted = context.RequestAborted;
        ValidPathInfo? path = await catalog.FindAsync(hash, aborted);
        if (path is null)
        {
            logger.HashUnknown(RequestTarget.TextOf(context), context.TraceIdentifier);
            await ErrorReply.MissedHash.WriteAsync(context);
            return;
        }

        Selection selection = sender.Select(context.Request, RepresentationOf(path));
        if (selection.IsDecided)
        {
            await ContentSender.SendDecidedAsync(context, selection);
            return;
        }

        try
        {
            using OpenNar nar = await nars.OpenAsync(path, isWhole: false, aborted);
            if ((ulong)nar.Index.NarSize == path.Info.NarSize || path.Info.NarSize == 0)
            {
                await SendAsync(context, selection, path, nar);
                return;
            }

            logger.NarSizeDiffers(path.Path.BaseName, path.Info.NarSize, nar.Index.NarSize, context.TraceIdentifier);
            await ErrorReply.NotFound.WriteAsync(context);
        }
        catch (IOException exception) when (!context.Response.HasStarted && !aborted.IsCancellationRequested)
        {
            if (exception is not CorruptNarException)
                logger.NarUnreadable(path.Path.BaseName, exception.Message, context.TraceIdentifier);
            context.Response.Clear();
            await ErrorStatus.For(exception).WriteAsync(context);
        }
    }

    private async Task SendAsync(HttpContext context, Selection selection, ValidPathInfo path, OpenNar nar)
    {
        NarIndex index = nar.Index;
        if (await listings.FindAsync(NarKey.Of(path), nar, context.RequestAborted) is { } listing)
        {
            await sender.SendAsync(context, selection.Representation, listing);
            return;
        }

        if (Methods.IsHead(context.Request.Method) && selection.Coding == ContentCoding.Identity)
            context.Response.ContentLength = await NarListingJson.WriteAsync(index, PipeWriter.Create(Stream.Null), context.RequestAborted);
        await sender.SendAsync(context, selection, (_, output, cancellation) => NarListingJson.WriteAsync(index, output, cancellation));
    }

    private static Representation RepresentationOf(ValidPathInfo path) => new()
    {
        ContentType = ContentTypes.Json,
        Kind = path.Info.NarSize < SmallNar ? BodyKind.Opaque : BodyKind.Text,
        Tag = EntityTag.Strong($"{path.Info.NarHash.ToBase32()}-ls"),
        CacheControl = CachePolicy.NarListing,
    };
}
