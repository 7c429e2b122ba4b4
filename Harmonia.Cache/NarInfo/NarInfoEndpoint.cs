using System.Diagnostics.CodeAnalysis;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary><c>/&lt;hash&gt;.narinfo</c>: what the store knows of a path, signed; with <c>?json</c> as JSON.</summary>
public sealed class NarInfoEndpoint(
    CachingCatalog catalog, PreparedNarInfos narInfos, CacheStatistics statistics, ContentSender sender, ILogger<NarInfoEndpoint> logger)
{
    private static readonly ErrorReply DuplicateJson = ErrorReply.DuplicateParameter("json");
    private static readonly PreparedResponse Missed = PreparedResponse.Of(ErrorReply.MissedHash);

    /// <summary>Responds at once if all that is needed is in memory. It never waits, and never reads a file.</summary>
    public bool TryRespond(CacheRequest request, [NotNullWhen(true)] out PreparedResponse? response)
    {
        response = null;
        if (request.Route.Parameter is not null || !catalog.TryRecall(request.Route.OutHash.GetValueOrDefault(), out ValidPathInfo? path))
            return false;
        if (path is null)
        {
            if (logger.IsEnabled(LogLevel.Debug))
                logger.HashUnknown(request.Target, request.Id);
            response = Missed;
        }
        else if (narInfos.TryGet(path, out PreparedNarInfo? narInfo))
        {
            response = narInfo.Respond(Selection.Of(request.Headers, narInfo.Representation));
        }

        if (response is null)
            return false;
        statistics.Count(LookupOutcome.Hit);
        statistics.NarInfoAnswered(found: path is not null);
        return true;
    }

    /// <summary>Responds with the help of the daemon.</summary>
    public async Task RunAsync(HttpContext context, Route route)
    {
        if (route.Parameter is { IsDuplicate: true })
        {
            await ContentSender.SendErrorAsync(context, DuplicateJson);
            return;
        }

        ValidPathInfo? path = await catalog.FindAsync(route.OutHash.GetValueOrDefault(), context.RequestAborted);
        statistics.NarInfoAnswered(found: path is { Info.NarSize: > 0 });
        if (path is { Info.NarSize: 0 })
        {
            // A client takes a narinfo without a size for a corrupt one, and its fingerprint cannot be signed.
            logger.NarSizeUnknown(path.Path.BaseName, context.TraceIdentifier);
            await ContentSender.SendErrorAsync(context, ErrorReply.MissedHash);
            return;
        }

        if (path is null)
        {
            logger.HashUnknown(KestrelRequest.Of(context).Target, context.TraceIdentifier);
            await ContentSender.SendErrorAsync(context, ErrorReply.MissedHash);
            return;
        }

        PreparedNarInfo narInfo = narInfos.Of(path);
        if (route.Parameter is not null)
        {
            ReadOnlyMemory<byte> body = NarInfoJson.Render(narInfo.Signed);
            await sender.SendAsync(context, PreparedNarInfo.Representing(ContentTypes.Json, body), body);
            return;
        }

        await sender.SendAsync(context, narInfo.Representation, narInfo.Body);
    }
}
