using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Hosting;

/// <summary>What is done for every request whatever it asks: its id, its figures, its line in the access log.</summary>
public sealed class RequestObserver(CacheMetrics metrics, CacheStatistics statistics, AccessLog accessLog, SendRateLimit sendRate)
{
    // As nginx calls it. No client ever sees it.
    private const int ClientClosedRequest = 499;

    /// <summary>Lets a request be answered, and watches.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        KestrelRequest request = KestrelRequest.Attach(context);
        MeteredBody body = MeteredBody.Attach(context, sendRate);
        metrics.Http.Began();
        RequestId.Assign(context);
        try
        {
            await next(context);
        }
        finally
        {
            End(context, request, body);
        }
    }

    // The answer is out, or the client is gone.
    private void End(HttpContext context, KestrelRequest request, MeteredBody body)
    {
        TimeSpan untilEnd = body.Elapsed;
        int status = Status(context);
        long bytes = body.Bytes;
        metrics.Http.Ended(RoutePaths.IndexOf(request.Route), request.Method, status, body.UntilHead, untilEnd, bytes);
        statistics.RequestEnded(bytes);
        accessLog.Write(request, status, bytes, untilEnd);
        body.Detach(context);
    }

    private static int Status(HttpContext context) =>
        !context.Response.HasStarted && context.RequestAborted.IsCancellationRequested
            ? ClientClosedRequest
            : context.Response.StatusCode;
}
