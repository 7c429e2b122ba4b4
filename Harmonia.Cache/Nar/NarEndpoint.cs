using System.Diagnostics.CodeAnalysis;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Nar;

/// <summary>
/// <c>/nar/&lt;outhash&gt;-&lt;narhash&gt;.nar</c>, <c>/nar/&lt;narhash&gt;.nar?hash=&lt;outhash&gt;</c> and either hash alone: the
/// contents of a path, produced from its files. Everything is decided before the status line. What fails later aborts the connection,
/// because a client takes a short body that ends well for the whole.
/// </summary>
public sealed class NarEndpoint(NarRequests requests, StoreNars nars, CacheStatistics statistics, ContentSender sender, bool compressesNars)
{
    /// <summary>
    /// Responds at once if all of the response is in memory: in ours, or in the kernel's if it is short. It never waits, and never reads
    /// from a disk.
    /// </summary>
    public bool TryRespond(CacheRequest request, [NotNullWhen(true)] out PreparedResponse? response)
    {
        response = null;
        ref readonly Route route = ref request.Route;
        if (!requests.TryRecall(route, out PathRecord path))
            return false;
        bool isKept = nars.TryGetSmall(new NarKey(route.OutHash.GetValueOrDefault(), path.NarHash), out byte[]? nar);
        // For HEAD the files must be there as well.
        if (!isKept && (!request.Headers.IsGet || path.NarSize == 0))
            return false;
        Selection selection = Selection.Of(request.Headers, RepresentationOf(path.NarHash, path.NarSize, hasNarHash: route.NarHash is not null));
        if (selection.Result == SelectionResult.Whole && selection.Coding != ContentCoding.Identity)
            return false;
        // Made anew each time: if it were kept, fewer NARs would fit into memory.
        if (nar is not null)
            response = PreparedResponse.Of(selection, nar);
        else if (selection.IsDecided)
            response = PreparedResponse.Of(selection, body: default);
        else if (selection.Result != SelectionResult.Unsatisfiable && nars.TryReadCached(path, selection.Range, out byte[]? part))
            response = PreparedResponse.OfPart(selection, part);
        if (response is null)
            return false;
        statistics.Count(LookupOutcome.Hit);
        return true;
    }

    /// <summary>Responds with what the daemon and the files say.</summary>
    public Task RunAsync(HttpContext context, Route route) =>
        requests.ServeAsync(context, route, path => SendAsync(context, path, hasNarHash: route.NarHash is not null));

    private async Task SendAsync(HttpContext context, ValidPathInfo path, bool hasNarHash)
    {
        Representation representation = RepresentationOf(path.Info.NarHash, path.Info.NarSize, hasNarHash);
        if (nars.TryGetSmall(NarKey.Of(path), out byte[]? small))
        {
            await sender.SendAsync(context, representation, small);
            return;
        }

        Selection selection = Selection.Of(KestrelRequest.Of(context).Headers, representation);
        if (selection.IsDecided)
        {
            await ContentSender.SendDecidedAsync(context, selection);
            return;
        }

        bool isWhole = selection.Result == SelectionResult.Whole && !Methods.IsHead(context.Request.Method);
        using OpenNar? nar = await requests.OpenAsync(context, path, isWhole);
        if (nar is not null)
        {
            await sender.SendAsync(
                context, selection, (part, output, cancellation) => NarBody.WriteAsync(context, output, nar, part, cancellation));
        }
    }

    /// <summary>What the headers of a NAR are made of.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="size">Its size; 0 if unknown.</param>
    /// <param name="hasNarHash">Whether the URL has its hash, so that it never means anything else.</param>
    private Representation RepresentationOf(NarHash hash, ulong size, bool hasNarHash) => new()
    {
        ContentType = ContentTypes.Nar,
        Kind = compressesNars ? BodyKind.Nar : BodyKind.Opaque,
        Tag = EntityTag.Strong(hash.ToBase32()),
        CacheControl = hasNarHash ? CachePolicy.Nar : CachePolicy.NarInfo,
        Size = (long)size,
        AcceptsRanges = true,
    };
}
