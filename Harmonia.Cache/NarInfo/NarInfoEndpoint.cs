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

    public async Task RunAsync(HttpContext context, Route route)
    {
        QueryParameter json = route.Parameter;
        if (json.IsDuplicate)
        {
            await DuplicateJson.WriteAsync(context);
            return;
        }

        ValidPathInfo? path = await catalog.FindAsync(route.OutHash.GetValueOrDefault(), context.RequestAborted);
        statistics.NarInfoAnswered(found: path is { Info.NarSize: > 0 });
        if (path is { Info.NarSize: 0 })
        {
            // A client takes a narinfo without a size for a corrupt one, and its fingerprint cannot be signed.
            logger.NarSizeUnknown(path.Path.BaseName, context.TraceIdentifier);
            await ErrorReply.MissedHash.WriteAsync(context);
            return;
        }

        if (path is null)
        {
            logger.HashUnknown(RequestTarget.TextOf(context), context.TraceIdentifier);
            await ErrorReply.MissedHash.WriteAsync(context);
            return;
        }

        PreparedNarInfo narInfo = narInfos.Of(path);
        if (json.IsPresent)
        {
            ReadOnlyMemory<byte> body = NarInfoJson.Render(narInfo.Signed);
            await sender.SendAsync(context, PreparedNarInfo.Representing(ContentTypes.Json, body), body);
            return;
        }

        context.Response.Headers["Nix-Link"] = narInfo.Url;
        await sender.SendAsync(context, narInfo.Representation, narInfo.Body);
    }
}
