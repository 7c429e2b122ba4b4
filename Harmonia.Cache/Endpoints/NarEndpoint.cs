using Harmonia.Cache.Compression;
using Harmonia.Cache.Http;
using Harmonia.Cache.Nars;
using Harmonia.Cache.Observability;
using Harmonia.Cache.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Endpoints;

/// <summary>
/// <c>/nar/&lt;outhash&gt;-&lt;narhash&gt;.nar</c>, <c>/nar/&lt;narhash&gt;.nar?hash=&lt;outhash&gt;</c> and either hash alone: the
/// contents of a path, produced from its files. All that can be known is decided before the status line; what goes wrong later cuts
/// the connection, because a client takes a short body that ends well for the whole.
/// </summary>
public sealed class NarEndpoint(SoundCatalog catalog, StoreNars nars, KnownNars known, ContentSender sender, ILogger<NarEndpoint> logger)
{
    private const string HashKey = "hash";

    private static readonly ErrorReply MissingOutHash = new(StatusCodes.Status404NotFound, "missing outhash");
    private static readonly ErrorReply UnknownOutHash = new(StatusCodes.Status404NotFound, "store path not found");
    private static readonly ErrorReply HashMismatch = new(StatusCodes.Status404NotFound, "hash mismatch detected");
    private static readonly ErrorReply DuplicateHash = ErrorReply.DuplicateParameter(HashKey);

    public async Task RunAsync(HttpContext context, Route route)
    {
        if (RefuseOutHash(context, route, out StorePathHash outHash) is { } refusal)
        {
            if (refusal == MissingOutHash)
                logger.NarUnknown(RequestTarget.TextOf(context), context.TraceIdentifier);
            await refusal.WriteAsync(context);
            return;
        }

        ValidPathInfo? path = await catalog.FindAsync(outHash, context.RequestAborted);
        if (path is null)
        {
            logger.HashUnknown(RequestTarget.TextOf(context), context.TraceIdentifier);
            await UnknownOutHash.WriteAsync(context);
            return;
        }

        if (route.NarHash is { } narHash && path.Info.NarHash != narHash)
        {
            logger.NarHashDiffers(
                path.Path.BaseName, narHash.ToBase32(), path.Info.NarHash.ToBase32(), context.TraceIdentifier);
            await HashMismatch.WriteAsync(context);
            return;
        }

        Representation representation = RepresentationOf(path, hasNarHash: route.NarHash is not null);
        if (nars.TryGetSmall(path, out byte[]? small))
        {
            await sender.SendAsync(context, representation, small);
            return;
        }

        Selection selection = sender.Select(context.Request, representation);
        if (selection.IsDecided)
        {
            await ContentSender.SendDecidedAsync(context, selection);
            return;
        }

        try
        {
            await ServeAsync(context, path, selection);
        }
        catch (IOException exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            if (exception is not CorruptNarException)
                logger.NarUnreadable(path.Path.BaseName, exception.Message, context.TraceIdentifier);
            context.Response.Clear();
            await ErrorStatus.For(exception).WriteAsync(context);
        }
    }

    // The query's hash goes before the path's, as in harmonia (Rust).
    private ErrorReply? RefuseOutHash(HttpContext context, Route route, out StorePathHash outHash)
    {
        outHash = route.OutHash.GetValueOrDefault();
        QueryParameter hash = QueryParameter.Find(RequestTarget.Of(context).Query, HashKey);
        if (hash.IsDuplicate)
            return DuplicateHash;
        if (hash.IsPresent)
            return StorePathHash.TryParse(hash.Value, out outHash) ? null : ErrorReply.NotFound;
        return route.OutHash is not null || known.TryFind(route.NarHash.GetValueOrDefault(), out outHash) ? null : MissingOutHash;
    }

    // The files must make the NAR that the database promises; else this is a 404, since another cache may have the path.
    private async Task ServeAsync(HttpContext context, ValidPathInfo path, Selection selection)
    {
        if (path.Info.NarSize == 0)
        {
            logger.NarSizeUnknown(path.Path.BaseName, context.TraceIdentifier);
            await ErrorReply.NotFound.WriteAsync(context);
            return;
        }

        bool isWhole = selection.Result == SelectionResult.Whole && !Methods.IsHead(context.Request.Method);
        using OpenNar nar = await nars.OpenAsync(path, isWhole, context.RequestAborted);
        if ((ulong)nar.Index.NarSize != path.Info.NarSize)
        {
            logger.NarSizeDiffers(path.Path.BaseName, path.Info.NarSize, nar.Index.NarSize, context.TraceIdentifier);
            await ErrorReply.NotFound.WriteAsync(context);
            return;
        }

        await sender.SendAsync(
            context, selection, (part, output, cancellation) => NarBody.WriteAsync(context, output, nar, part, cancellation));
    }

    private static Representation RepresentationOf(ValidPathInfo path, bool hasNarHash) => new()
    {
        ContentType = ContentTypes.Nar,
        Kind = BodyKind.Nar,
        Tag = EntityTag.Strong(path.Info.NarHash.ToBase32()),
        CacheControl = hasNarHash ? CachePolicy.Nar : CachePolicy.NarInfo,
        Size = (long)path.Info.NarSize,
        AcceptsRanges = true,
    };
}
