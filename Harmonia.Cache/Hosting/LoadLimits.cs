using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Hosting;

/// <summary>Refuses requests that are too many, with 503 and the time to try again, before any work is done for them.</summary>
public sealed class LoadLimits(int maxNarStreams, ILogger<LoadLimits> logger)
{
    private readonly ConcurrencyLimit _narStreams = new(maxNarStreams);

    /// <summary>What limits how many responses to such requests are sent at once; null if nothing does.</summary>
    public ConcurrencyLimit? LimitOf(CacheRequest request) =>
        request.Route.IsNar && Methods.IsGet(request.Method) ? _narStreams : null;

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (ConnectionLimit.IsExceeded(context))
        {
            await RefuseAsync(context, ErrorReply.ServiceUnavailable.ClosingConnection(), "too many connections (max_connections)");
        }
        else if (LimitOf(KestrelRequest.Of(context)) is { } limit)
        {
            await StreamAsync(context, limit, next);
        }
        else
        {
            await next(context);
        }
    }

    private async Task StreamAsync(HttpContext context, ConcurrencyLimit limit, RequestDelegate next)
    {
        if (!limit.TryTake())
        {
            await RefuseAsync(context, ErrorReply.ServiceUnavailable, "too many NARs at once (max_nar_streams)");
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            limit.Release();
        }
    }

    private Task RefuseAsync(HttpContext context, ErrorReply refusal, string reason)
    {
        logger.OverLimit(KestrelRequest.Of(context).Target, reason, context.TraceIdentifier);
        return ContentSender.SendErrorAsync(context, refusal);
    }
}
