using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Nar;

/// <summary>
/// What all requests for NARs have in common: it finds the path that the URL names and opens its files. When it can't, it responds with
/// the reason itself.
/// </summary>
public sealed class NarRequests(CachingCatalog catalog, StoreNars nars, KnownNars known, ILogger<NarRequests> logger)
{
    private static readonly ErrorReply MissingOutHash = new(StatusCodes.Status404NotFound, "missing outhash");
    private static readonly ErrorReply UnknownOutHash = new(StatusCodes.Status404NotFound, "store path not found");
    private static readonly ErrorReply HashMismatch = new(StatusCodes.Status404NotFound, "hash mismatch detected");
    private static readonly ErrorReply DuplicateHash = ErrorReply.DuplicateParameter("hash");

    /// <summary>
    /// The path whose NAR a URL names, if the hash of the path is in the URL and what is known of it is in memory. The record is valid until
    /// the next path is recalled on this thread.
    /// </summary>
    public bool TryRecall(in Route route, out PathRecord record)
    {
        record = default;
        return route is { OutHash: { } hash, Parameter: null } && catalog.TryRecall(hash, out record)
            && record.Exists && (route.NarHash is null || route.NarHash == record.NarHash);
    }

    /// <summary>Finds the path and has its NAR sent. A failure before the status line becomes a response.</summary>
    public async Task ServeAsync(HttpContext context, Route route, Func<ValidPathInfo, Task> sendAsync)
    {
        if (RefuseOutHash(route, out StorePathHash outHash) is { } refusal)
        {
            if (refusal == MissingOutHash)
                logger.NarUnknown(KestrelRequest.Of(context).Target, context.TraceIdentifier);
            await ContentSender.SendErrorAsync(context, refusal);
            return;
        }

        ValidPathInfo? path = await catalog.FindAsync(outHash, context.RequestAborted);
        if (path is null)
        {
            logger.HashUnknown(KestrelRequest.Of(context).Target, context.TraceIdentifier);
            await ContentSender.SendErrorAsync(context, UnknownOutHash);
            return;
        }

        if (route.NarHash is { } narHash && path.Info.NarHash != narHash)
        {
            logger.NarHashDiffers(
                path.Path.BaseName, narHash.ToBase32(), path.Info.NarHash.ToBase32(), context.TraceIdentifier);
            await ContentSender.SendErrorAsync(context, HashMismatch);
            return;
        }

        try
        {
            await sendAsync(path);
        }
        catch (IOException exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            if (exception is not CorruptNarException)
                logger.NarUnreadable(path.Path.BaseName, exception.Message, context.TraceIdentifier);
            context.Response.Clear();
            await ContentSender.SendErrorAsync(context, ErrorStatus.For(exception));
        }
    }

    // The hash of the query takes precedence over that of the path, as in harmonia (Rust).
    private ErrorReply? RefuseOutHash(in Route route, out StorePathHash outHash)
    {
        outHash = route.OutHash.GetValueOrDefault();
        if (route.Parameter is { } hash)
            return hash.IsDuplicate ? DuplicateHash : StorePathHash.TryParse(hash.Value, out outHash) ? null : ErrorReply.NotFound;
        return route.OutHash is not null || known.TryFind(route.NarHash.GetValueOrDefault(), out outHash) ? null : MissingOutHash;
    }

    /// <summary>
    /// Opens the files of a path. They must make a NAR of the size that the database has; else the response is 404, since another cache
    /// may have the path, and the result is null.
    /// </summary>
    public async Task<OpenNar?> OpenAsync(HttpContext context, ValidPathInfo path, bool isWhole)
    {
        if (path.Info.NarSize == 0)
        {
            logger.NarSizeUnknown(path.Path.BaseName, context.TraceIdentifier);
            await ContentSender.SendErrorAsync(context, ErrorReply.NotFound);
            return null;
        }

        OpenNar nar = await nars.OpenAsync(path, isWhole, context.RequestAborted);
        if ((ulong)nar.Index.NarSize == path.Info.NarSize)
            return nar;
        nar.Dispose();
        logger.NarSizeDiffers(path.Path.BaseName, path.Info.NarSize, nar.Index.NarSize, context.TraceIdentifier);
        await ContentSender.SendErrorAsync(context, ErrorReply.NotFound);
        return null;
    }
}
