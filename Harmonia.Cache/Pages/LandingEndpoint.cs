using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.NarInfo;

namespace Harmonia.Cache.Pages;

/// <summary><c>/</c>: the page for people.</summary>
public sealed class LandingEndpoint(
    CacheOptions options, bool hasMetrics, NarInfoSigner signer, CacheStatistics statistics, PathCount paths, StoreProblems problems, PageReply pages)
{
    public async Task RunAsync(HttpContext context) => await pages.SendAsync(context, LandingPage.Render(new LandingContent
    {
        Program = VersionEndpoint.Text,
        Operator = options.Operator,
        Problem = await problems.FindAsync(context.RequestAborted),
        Address = PublicAddress.Of(context.Request),
        PublicKeys = [.. signer.Keys.Select(key => key.PublicKey.ToString())],
        StoreDirectory = options.VirtualStore.Path,
        Priority = options.Priority,
        Serves = options.Serve,
        HasLogs = options.Log,
        HasMetrics = hasMetrics,
        Paths = paths.Latest,
        Uptime = statistics.Uptime,
        Requests = statistics.Requests,
        HitRate = statistics.HitRate,
    }));
}
