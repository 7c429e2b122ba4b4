using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Nar;

/// <summary><c>/&lt;hash&gt;.ls</c>: the tree of a path, and the offset of each file in its NAR.</summary>
public sealed class NarListingEndpoint(
    CachingCatalog catalog, StoreNars nars, NarListings listings, CacheStatistics statistics, ContentSender sender,
    ILogger<NarListingEndpoint> logger)
{
    // A NAR is larger than its listing, so the listing of a small NAR is not worth compressing.
    private const ulong SmallNar = 4096;

    // As long as the NARs that are kept whole.
    private const int MaxAtOnce = 64 * 1024;

    /// <summary>Responds at once if the listing or the index is in memory and short. It never waits, and never reads a file.</summary>
    public bool TryRespond(CacheRequest request, [NotNullWhen(true)] out PreparedResponse? response)
    {
        response = null;
        StorePathHash hash = request.Route.OutHash.GetValueOrDefault();
        if (!catalog.TryRecall(hash, out PathRecord record) || !record.Exists)
            return false;
        NarKey key = new(hash, record.NarHash);
        if (listings.TryGet(key, out MemoryBody? listing))
            response = Respond(request, RepresentationOf(record.NarHash, record.NarSize), listing);
        else if (nars.TryGetVerified(key, out NarIndex? index) && index.Count <= NarListings.MaxInline)
            response = Respond(request, RepresentationOf(record.NarHash, record.NarSize), MemoryBody.Of(NarListings.Render(index).WrittenMemory));
        if (response is null)
            return false;
        statistics.Count(LookupOutcome.Hit);
        return true;
    }

    /// <summary>Responds with what the daemon and the files say.</summary>
    public async Task RunAsync(HttpContext context, StorePathHash hash)
    {
        CancellationToken aborted = context.RequestAborted;
        ValidPathInfo? path = await catalog.FindAsync(hash, aborted);
        if (path is null)
        {
            logger.HashUnknown(KestrelRequest.Of(context).Target, context.TraceIdentifier);
            await ContentSender.SendErrorAsync(context, ErrorReply.MissedHash);
            return;
        }

        Selection selection = Selection.Of(KestrelRequest.Of(context).Headers, RepresentationOf(path.Info.NarHash, path.Info.NarSize));
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
            await ContentSender.SendErrorAsync(context, ErrorReply.NotFound);
        }
        catch (IOException exception) when (!context.Response.HasStarted && !aborted.IsCancellationRequested)
        {
            if (exception is not CorruptNarException)
                logger.NarUnreadable(path.Path.BaseName, exception.Message, context.TraceIdentifier);
            context.Response.Clear();
            await ContentSender.SendErrorAsync(context, ErrorStatus.For(exception));
        }
    }

    // Null if it is long, or if the form is not there that the client gets.
    private static PreparedResponse? Respond(CacheRequest request, in Representation representation, MemoryBody listing)
    {
        Selection selection = Selection.Of(request.Headers, representation with { Size = listing.Length });
        if (selection.Result != SelectionResult.Whole)
            return PreparedResponse.Of(selection, default);
        return listing.In(selection.Coding) is { Length: <= MaxAtOnce } form && form.TryGetBytes(out ReadOnlyMemory<byte> body)
            ? PreparedResponse.Of(selection, body)
            : null;
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
        {
            long length = await NarListingJson.WriteAsync(index, PipeWriter.Create(Stream.Null), context.RequestAborted);
            selection = selection with { Representation = selection.Representation with { Size = length } };
        }

        await sender.SendAsync(context, selection, (_, output, cancellation) => NarListingJson.WriteAsync(index, output, cancellation));
    }

    private static Representation RepresentationOf(NarHash hash, ulong size) => new()
    {
        ContentType = ContentTypes.Json,
        Kind = size < SmallNar ? BodyKind.Opaque : BodyKind.Text,
        Tag = EntityTag.Strong($"{hash.ToBase32()}-ls"),
        CacheControl = CachePolicy.NarListing,
    };
}
