using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Hosting;

/// <summary>What is done for every request of both fronts: its id, its metrics, its line in the access log.</summary>
public sealed class RequestObserver(CacheMetrics metrics, CacheStatistics statistics, AccessLog accessLog, SendRateLimit sendRate)
{
    // The number that nginx uses. No client ever sees it.
    private const int ClientClosedRequest = 499;

    /// <summary>Observes a request that Kestrel has read, until its response has ended.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        RequestId.Assign(context);
        KestrelRequest request = KestrelRequest.Attach(context);
        MeteredBody body = MeteredBody.Attach(context, request, sendRate);
        Begin();
        try
        {
            await next(context);
        }
        finally
        {
            End(request, Status(context), body.Bytes, body.UntilHead, body.Elapsed);
            body.Detach(context);
        }
    }

    /// <summary>A request has come; <see cref="End"/> must follow.</summary>
    public void Begin() => metrics.Http.Began();

    /// <summary>The response has been sent, or the client is gone.</summary>
    /// <param name="request">The request.</param>
    /// <param name="status">Of the response.</param>
    /// <param name="bytes">How many bytes of the body were sent.</param>
    /// <param name="untilHead">The time from the request to the head of the response.</param>
    /// <param name="untilEnd">The time from the request to now.</param>
    public void End(CacheRequest request, int status, long bytes, TimeSpan untilHead, TimeSpan untilEnd)
    {
        metrics.Http.Ended(RoutePaths.IndexOf(request.Route), request.Method, status, untilHead, untilEnd, bytes);
        statistics.RequestEnded();
        accessLog.Write(request, status, bytes, untilEnd);
    }

    private static int Status(HttpContext context) =>
        !context.Response.HasStarted && context.RequestAborted.IsCancellationRequested
            ? ClientClosedRequest
            : context.Response.StatusCode;
}
