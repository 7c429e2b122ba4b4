using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.NarInfo;
using Harmonia.Cache.Sending;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary><c>/path/&lt;hash&gt;</c>, or with the path's name behind the hash: the page about a path.</summary>
public sealed class PathEndpoint(
    IStoreCatalog catalog, NarInfoSigner signer, LogDirectory logs, PageReply pages, CacheOptions options, ILogger<PathEndpoint> logger)
{
    // Each may ask the daemon thousands of questions, which must not keep it from narinfos.
    private const int MaxAtOnce = 4;

    private readonly ConcurrencyLimit _places = new(MaxAtOnce);
    private readonly ClosureWalk _closures = new(catalog);

    public async Task RunAsync(HttpContext context, Route route)
    {
        if (!_places.TryTake())
        {
            logger.OverLimit(KestrelRequest.Of(context).Target, "too many pages about paths at once", context.TraceIdentifier);
            await ContentSender.SendErrorAsync(context, ErrorReply.ServiceUnavailable);
            return;
        }

        byte[]? page;
        try
        {
            page = await RenderAsync(context, route);
        }
        finally
        {
            _places.Release();
        }

        // Without a place: a client that reads slowly keeps nobody from theirs.
        if (page is not null)
        {
            await pages.SendAsync(context, page);
            return;
        }

        logger.HashUnknown(KestrelRequest.Of(context).Target, context.TraceIdentifier);
        await ContentSender.SendErrorAsync(context, ErrorReply.MissedHash);
    }

    private async Task<byte[]?> RenderAsync(HttpContext context, Route route)
    {
        ValidPathInfo? path = await catalog.FindAsync(route.OutHash.GetValueOrDefault(), context.RequestAborted);
        return path is null || (route.Name is not null && route.Name != path.Path.BaseName)
            ? null
            : PathPage.Render(await DescribeAsync(context, path));
    }

    private async Task<PathContent> DescribeAsync(HttpContext context, ValidPathInfo path)
    {
        CancellationToken aborted = context.RequestAborted;
        StorePath? deriver = path.Info.Deriver;
        StorePath? derivation = path.Path.IsDerivation ? path.Path : deriver;
        return new PathContent
        {
            StoreDirectory = options.VirtualStore,
            Path = path,
            Closure = await _closures.MeasureAsync(path, aborted),
            Referrers = await catalog.FindReferrersAsync(path.Path, PathPage.MaxListed + 1, aborted),
            // Without a size there is no narinfo, and nothing to sign.
            Signatures = path.Info.NarSize == 0 ? [] : signer.Sign(path).Signatures,
            HasDeriver = deriver is not null && deriver.Equals((await catalog.FindAsync(deriver.Hash, aborted))?.Path),
            Log = derivation is not null && options.Log && await Task.Run(() => HasLog(derivation), aborted) ? derivation : null,
            Serves = options.Serve,
            Address = PublicAddress.Of(context.Request),
            PublicKeys = [.. signer.Keys.Select(key => key.PublicKey.ToString())],
        };
    }

    private bool HasLog(StorePath derivation)
    {
        using LogFile? log = logs.Find(derivation);
        return log is not null;
    }
}
