using Harmonia.Cache.Compression;
using Harmonia.Cache.Http;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.Nars;
using Harmonia.Cache.Observability;
using Harmonia.Cache.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Endpoints;

/// <summary>
/// <c>/nar/&lt;outhash&gt;-&lt;narhash&gt;.nar</c>, <c>/nar/&lt;narhash&gt;.nar?hash=&lt;outhash&gt;</c> and either hash alone: the
/// contents of a path, produced from its files; with <c>.zst</c> at the end of the first, compressed. All that can be known is decided
/// before the status line; what goes wrong later cuts the connection, because a client takes a short body that ends well for the whole.
/// </summary>
public sealed class NarEndpoint(
    QuarantineCatalog catalog, StoreNars nars, KnownNars known, ContentSender sender, ZstdNar zstdNar, ILogger<NarEndpoint> logger)
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

        try
        {
            await (route.IsZstd ? ServeZstdAsync(context, path) : ServeAsync(context, path, hasNarHash: route.NarHash is not null));
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

    private async Task ServeAsync(HttpContext context, ValidPathInfo path, bool hasNarHash)
    {
        Representation representation = RepresentationOf(path, hasNarHash);
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

        bool isWhole = selection.Result == SelectionResult.Whole && !Methods.IsHead(context.Request.Method);
        using OpenNar? nar = await OpenAsync(context, path, isWhole);
        if (nar is not null)
        {
            await sender.SendAsync(
                context, selection, (part, output, cancellation) => NarBody.WriteAsync(context, output, nar, part, cancellation));
        }
    }

    private async Task ServeZstdAsync(HttpContext context, ValidPathInfo path)
    {
        if (await zstdNar.TrySendStoredAsync(context, path))
            return;
        using OpenNar? nar = await OpenAsync(context, path, isWhole: false);
        if (nar is null)
            return;
        try
        {
            await zstdNar.SendAsync(context, new NarSource(path, nar.Index, nar.Root, nar.Verify));
        }
        catch (IOException)
        {
            // Whoever asks next gets the files as they are then, if they are right.
            nar.Forget();
            throw;
        }
    }

    // The files must make the NAR that the database promises; else this is a 404, since another cache may have the path.
    private async Task<OpenNar?> OpenAsync(HttpContext context, ValidPathInfo path, bool isWhole)
    {
        if (path.Info.NarSize == 0)
        {
            logger.NarSizeUnknown(path.Path.BaseName, context.TraceIdentifier);
            await ErrorReply.NotFound.WriteAsync(context);
            return null;
        }

        OpenNar nar = await nars.OpenAsync(path, isWhole, context.RequestAborted);
        if ((ulong)nar.Index.NarSize == path.Info.NarSize)
            return nar;
        nar.Dispose();
        logger.NarSizeDiffers(path.Path.BaseName, path.Info.NarSize, nar.Index.NarSize, context.TraceIdentifier);
        await ErrorReply.NotFound.WriteAsync(context);
        return null;
    }

    /// <summary>What the headers of a NAR are made of.</summary>
    /// <param name="path">Whose NAR it is.</param>
    /// <param name="hasNarHash">Whether the URL has its hash, so that it never means anything else.</param>
    internal static Representation RepresentationOf(ValidPathInfo path, bool hasNarHash) => new()
    {
        ContentType = ContentTypes.Nar,
        Kind = BodyKind.Nar,
        Tag = EntityTag.Strong(path.Info.NarHash.ToBase32()),
        CacheControl = hasNarHash ? CachePolicy.Nar : CachePolicy.NarInfo,
        Size = (long)path.Info.NarSize,
        AcceptsRanges = true,
    };
}
