using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Observability;

namespace Harmonia.Cache.Endpoints;

/// <summary>What is done for every request whatever it asks: its id, its figures, its line in the access log.</summary>
public sealed class RequestObserver(CacheMetrics metrics, CacheStatistics statistics, AccessLog accessLog)
{
    // As nginx calls it. No client ever sees it.
    private const int ClientClosedRequest = 499;

    /// <summary>A request has come; <see cref="End"/> must follow.</summary>
    public MeteredBody Begin(HttpContext context)
    {
        MeteredBody body = MeteredBody.Attach(context);
        metrics.Http.Began();
        RequestId.Assign(context);
        return body;
    }

    /// <summary>Its answer is out, or its client is gone.</summary>
    public void End(HttpContext context, Route route, MeteredBody body)
    {
        TimeSpan untilEnd = body.Elapsed;
        int status = Status(context);
        metrics.Http.Ended(RoutePaths.IndexOf(route), context.Request.Method, status, body.UntilHead, untilEnd, body.Bytes);
        statistics.RequestEnded(body.Bytes);
        accessLog.Write(context, status, body.Bytes, untilEnd);
        body.Detach(context);
    }

    private static int Status(HttpContext context) =>
        !context.Response.HasStarted && context.RequestAborted.IsCancellationRequested
            ? ClientClosedRequest
            : context.Response.StatusCode;
}
