using System.Diagnostics;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Nar;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.NarInfo;
using Harmonia.Cache.Pages;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// The whole HTTP interface: the terminal middleware that finds the endpoint of a request, and the one place where a failure becomes
/// an answer or, once the status line is out, an end of the connection.
/// </summary>
public sealed class Router(
    CacheInfoEndpoint cacheInfo, NarInfoEndpoint narInfo, NarListingEndpoint narListing, NarEndpoint nar, ZstdNarEndpoint zstdNar, ServeEndpoint serve,
    LogEndpoint log, RealisationEndpoint realisation, LandingEndpoint landing, ReadinessEndpoint readiness, MetricsEndpoint metrics,
    ILogger<Router> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        Route route = KestrelRequest.Of(context).Route;
        try
        {
            await RouteAsync(context, route);
        }
        catch (Exception exception)
        {
            await FailAsync(context, exception);
        }
    }

    private Task RouteAsync(HttpContext context, Route route)
    {
        if (!IsServed(route.Kind))
            return RefuseAsync(context, ErrorReply.NotFound);
        if (!Methods.IsGet(context.Request.Method) && !Methods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = Methods.Allowed;
            return RefuseAsync(context, ErrorReply.MethodNotAllowed);
        }

        if (HasBody(context))
            return RefuseAsync(context, ErrorReply.ContentTooLarge);

        return route.Kind switch
        {
            RouteKind.NarInfo => narInfo.RunAsync(context, route),
            RouteKind.NarListing => narListing.RunAsync(context, route.OutHash.GetValueOrDefault()),
            RouteKind.Nar => route.IsZstd ? zstdNar.RunAsync(context, route) : nar.RunAsync(context, route),
            RouteKind.Serve => serve.RunAsync(context, route),
            RouteKind.Log => log.RunAsync(context, route),
            RouteKind.Realisation => realisation.RunByHashAsync(context, route),
            RouteKind.BuildTrace => realisation.RunByPathAsync(context, route),
            RouteKind.Landing => landing.RunAsync(context),
            RouteKind.CacheInfo => cacheInfo.RunAsync(context),
            RouteKind.Version => VersionEndpoint.RunAsync(context),
            RouteKind.Health => HealthEndpoint.RunAsync(context),
            RouteKind.Readiness => readiness.RunAsync(context),
            RouteKind.Metrics => metrics.RunAsync(context),
            _ => throw new UnreachableException($"{route.Kind} has no endpoint."),
        };
    }

    private bool IsServed(RouteKind kind) => kind switch
    {
        RouteKind.Unknown => false,
        RouteKind.Serve => serve.IsEnabled,
        RouteKind.Log => log.IsEnabled,
        _ => true,
    };

    // Nobody reads a body here, so after one the connection cannot go on.
    private static Task RefuseAsync(HttpContext context, ErrorReply reply)
    {
        if (HasBody(context))
            context.Response.Headers.Connection = "close";
        return reply.WriteAsync(context);
    }

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    private async Task FailAsync(HttpContext context, Exception exception)
    {
        if (exception is ConnectionAbortedException || context.RequestAborted.IsCancellationRequested)
        {
            logger.ClientGone(RequestTarget.TextOf(context), context.TraceIdentifier);
        }
        else if (context.Response.HasStarted)
        {
            logger.BodyCut(RequestTarget.TextOf(context), context.TraceIdentifier, exception);
            context.Abort();
        }
        else
        {
            ErrorReply reply = ErrorStatus.For(exception);
            if (ErrorStatus.IsDaemonMissing(exception))
                logger.DaemonMissing(RequestTarget.TextOf(context), reply.Status, exception.Message, context.TraceIdentifier);
            else
                logger.RequestFailed(RequestTarget.TextOf(context), reply.Status, context.TraceIdentifier, exception);
            context.Response.Clear();
            await reply.WriteAsync(context);
        }
    }
}
