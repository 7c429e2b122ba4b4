using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;

namespace Harmonia.Cache.Hosting;

/// <summary>Refuses requests that are too many, with 503 and the time to try again, before any work is done for them.</summary>
/// <param name="narStreams">Limits how many NARs are sent at once.</param>
/// <param name="logger">Gets a message for each request that is refused.</param>
public sealed class LoadLimits(ConcurrencyLimit narStreams, ILogger<LoadLimits> logger)
{
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (ConnectionLimit.IsExceeded(context))
        {
            await RefuseAsync(context, ErrorReply.ServiceUnavailable.ClosingConnection(), "too many connections (max_connections)");
        }
        else if (KestrelRequest.Of(context).SendsNar)
        {
            await StreamAsync(context, next);
        }
        else
        {
            await next(context);
        }
    }

    private async Task StreamAsync(HttpContext context, RequestDelegate next)
    {
        if (!narStreams.TryTake())
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
            narStreams.Release();
        }
    }

    private Task RefuseAsync(HttpContext context, ErrorReply refusal, string reason)
    {
        logger.OverLimit(KestrelRequest.Of(context).Target, reason, context.TraceIdentifier);
        return ContentSender.SendErrorAsync(context, refusal);
    }
}
