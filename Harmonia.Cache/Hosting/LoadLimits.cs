using Harmonia.Cache.Endpoints;
using Harmonia.Cache.Http;
using Harmonia.Cache.Observability;
using Route = Harmonia.Cache.Endpoints.Route;

namespace Harmonia.Cache.Hosting;

/// <summary>Answers what the server has no room for with 503 and the time to try again, before any of it is worked on.</summary>
public sealed class LoadLimits(int maxNarStreams, ILogger<LoadLimits> logger) : IDisposable
{
    private readonly SemaphoreSlim? _narStreams = maxNarStreams == 0 ? null : new SemaphoreSlim(maxNarStreams);

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (ConnectionLimit.IsExceeded(context))
        {
            context.Response.Headers.Connection = "close";
            await RefuseAsync(context, "too many connections (max_connections)");
        }
        else if (_narStreams is not null && IsNar(context))
        {
            await StreamAsync(_narStreams, context, next);
        }
        else
        {
            await next(context);
        }
    }

    public void Dispose() => _narStreams?.Dispose();

    private static bool IsNar(HttpContext context) =>
        Methods.IsGet(context.Request.Method) && Route.Parse(RequestTarget.Of(context).Path).Kind == RouteKind.Nar;

    private async Task StreamAsync(SemaphoreSlim slots, HttpContext context, RequestDelegate next)
    {
        if (!await slots.WaitAsync(TimeSpan.Zero))
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
            slots.Release();
        }
    }

    private Task RefuseAsync(HttpContext context, string reason)
    {
        logger.OverLimit(RequestTarget.TextOf(context), reason, context.TraceIdentifier);
        return ErrorReply.ServiceUnavailable.WriteAsync(context);
    }
}
