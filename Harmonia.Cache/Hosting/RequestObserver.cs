using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Hosting;

/// <summary>What is done for every request of both fronts: its id, its metrics, its line in the access log.</summary>
/// <param name="metrics">Count and time each request.</param>
/// <param name="statistics">Count it for the landing page.</param>
/// <param name="loggers">Make the access log, which has a category of its own.</param>
/// <param name="accessLevel">The level of the access log.</param>
/// <param name="clientAddress">Tells who sent a request.</param>
/// <param name="sendRate">Ends connections of clients that are too slow.</param>
public sealed class RequestObserver(
    HttpMetrics metrics, CacheStatistics statistics, ILoggerFactory loggers, LogLevel accessLevel, ClientAddress clientAddress, SendRateLimit sendRate)
{
    // The number that nginx uses. No client ever sees it.
    private const int ClientClosedRequest = 499;

    private readonly ILogger _accessLog = loggers.CreateLogger(LogDirectives.AccessCategory);

    /// <summary>Observes a request that Kestrel has read, until its response has ended.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
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
    public void Begin() => metrics.Began();

    /// <summary>The response has been sent, or the client is gone.</summary>
    /// <param name="request">The request.</param>
    /// <param name="status">Of the response.</param>
    /// <param name="bytes">How many bytes of the body were sent.</param>
    /// <param name="untilHead">The time from the request to the head of the response.</param>
    /// <param name="untilEnd">The time from the request to now.</param>
    public void End(CacheRequest request, int status, long bytes, TimeSpan untilHead, TimeSpan untilEnd)
    {
        metrics.Ended(request.Route.Kind, request.Method, status, untilHead, untilEnd, bytes);
        statistics.RequestEnded();
        if (_accessLog.IsEnabled(accessLevel))
        {
            _accessLog.Answered(
                accessLevel, request.Method, request.Target, status, bytes, untilEnd.TotalMilliseconds, request.ClientOf(clientAddress), request.Id);
        }
    }

    private static int Status(HttpContext context) =>
        !context.Response.HasStarted && context.RequestAborted.IsCancellationRequested
            ? ClientClosedRequest
            : context.Response.StatusCode;
}
