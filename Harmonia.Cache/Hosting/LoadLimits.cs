using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;

namespace Harmonia.Cache.Hosting;

/// <summary>Answers what the server has no room for with 503 and the time to try again, before any of it is worked on.</summary>
public sealed class LoadLimits(int maxNarStreams, ILogger<LoadLimits> logger)
{
    /// <summary>The bodies of NARs that are being sent.</summary>
    public ConcurrencyLimit NarStreams { get; } = new(maxNarStreams);

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (ConnectionLimit.IsExceeded(context))
        {
            context.Response.Headers.Connection = "close";
            await RefuseAsync(context, "too many connections (max_connections)");
        }
        else if (IsNar(context))
        {
            await StreamAsync(context, next);
        }
        else
        {
            await next(context);
        }
    }

    private static bool IsNar(HttpContext context) =>
        Methods.IsGet(context.Request.Method) && KestrelRequest.Of(context).Route.Kind == RouteKind.Nar;

    private async Task StreamAsync(HttpContext context, RequestDelegate next)
    {
        if (!NarStreams.TryTake())
        {
            await RefuseAsync(context, "too many NARs at once (max_nar_streams)");
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            NarStreams.Release();
        }
    }

    private Task RefuseAsync(HttpContext context, string reason)
    {
        logger.OverLimit(RequestTarget.TextOf(context), reason, context.TraceIdentifier);
        return ErrorReply.ServiceUnavailable.WriteAsync(context);
    }
}
