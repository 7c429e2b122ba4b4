using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Nar;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.NarInfo;
using Harmonia.Cache.Pages;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// The whole HTTP interface: it finds the endpoint of a request for both fronts. It is the last middleware, keeps the requests that the
/// access gate refuses away from the endpoints, and is the one place where a failure becomes a response or, once the status line is sent,
/// the end of the connection.
/// </summary>
public sealed class Router(
    CacheInfoEndpoint cacheInfo, NarInfoEndpoint narInfo, NarListingEndpoint narListing, NarEndpoint nar, ZstdNarEndpoint zstdNar, ServeEndpoint serve,
    PathEndpoint path, LogEndpoint log, RealisationEndpoint realisation, LandingEndpoint landing, ReadinessEndpoint readiness, MetricsEndpoint metrics,
    AccessGate access, ClientAddress clientAddress, ConcurrencyLimit narStreams, ILogger<Router> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (await access.RefuseAsync(context) is { } refusal)
                await ContentSender.SendErrorAsync(context, refusal);
            else
                await RouteAsync(context, KestrelRequest.Of(context));
        }
        catch (Exception exception)
        {
            await FailAsync(context, exception);
        }
    }

    /// <summary>
    /// Responds to a GET or HEAD at once if all that is needed is in memory. Both fronts ask here first. It never waits, and never reads a
    /// file.
    /// </summary>
    public bool TryRespond(CacheRequest request, [NotNullWhen(true)] out PreparedResponse? response)
    {
        response = null;
        switch (request.Route.Kind)
        {
            case RouteKind.NarInfo:
                return narInfo.TryRespond(request, out response);
            case RouteKind.NarListing:
                return narListing.TryRespond(request, out response);
            case RouteKind.Nar or RouteKind.NarOfOutHash:
                return nar.TryRespond(request, out response);
            case RouteKind.CacheInfo:
                response = cacheInfo.Response;
                return true;
            case RouteKind.Version:
                response = VersionEndpoint.Response;
                return true;
            case RouteKind.Health:
                response = HealthEndpoint.Response;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether the fast front may respond to a request. All requests to a private cache pass the gate, which Kestrel asks.</summary>
    internal bool MayRespond(in RequestHead head) => !access.IsPrivate && !(head.IsForwarded && clientAddress.TrustsProxies);

    /// <summary>Finds the response that the fast front sends at once, and takes a place for it; null if there is none.</summary>
    /// <param name="request">Has begun.</param>
    /// <param name="limit">The caller gives the place back when the response is sent.</param>
    internal PreparedResponse? TryRespond(FastRequest request, out ConcurrencyLimit? limit)
    {
        limit = request.SendsNar ? narStreams : null;
        if (limit?.TryTake() == false)
            return null;
        PreparedResponse? response = null;
        try
        {
            return TryRespond(request, out response) ? response : null;
        }
        finally
        {
            if (response is null)
                limit?.Release();
        }
    }

    /// <summary>Whether <see cref="RespondAsync"/> responds to a GET or HEAD.</summary>
    public static bool RespondsLater(CacheRequest request) => request.Route is { Kind: RouteKind.NarInfo, Parameter: null };

    /// <summary>Responds with the help of the daemon. A failure becomes a response.</summary>
    public async Task<PreparedResponse> RespondAsync(CacheRequest request)
    {
        try
        {
            return await narInfo.RespondAsync(request);
        }
        catch (Exception exception)
        {
            return PreparedResponse.Of(Fail(request.Target, request.Id, exception));
        }
    }

    private Task RouteAsync(HttpContext context, KestrelRequest request)
    {
        Route route = request.Route;
        if (!IsServed(route.Kind))
            return RefuseAsync(context, ErrorReply.NotFound);
        if (!Methods.IsGet(request.Method) && !Methods.IsHead(request.Method))
            return RefuseAsync(context, ErrorReply.MethodNotAllowed);
        if (HasBody(context))
            return RefuseAsync(context, ErrorReply.ContentTooLarge);
        if (TryRespond(request, out PreparedResponse? response))
            return response.SendAsync(context);

        return route.Kind switch
        {
            RouteKind.NarInfo => narInfo.RunAsync(context, request),
            RouteKind.NarListing => narListing.RunAsync(context, route.OutHash.GetValueOrDefault()),
            RouteKind.Nar or RouteKind.NarOfNarHash or RouteKind.NarOfOutHash => nar.RunAsync(context, route),
            RouteKind.ZstdNar => zstdNar.RunAsync(context, route),
            RouteKind.Serve => serve.RunAsync(context, route),
            RouteKind.PathPage => path.RunAsync(context, route),
            RouteKind.PathSearch => PathSearch.RunAsync(context, route),
            RouteKind.Log => log.RunAsync(context, route),
            RouteKind.Realisation => realisation.RunByHashAsync(context, route),
            RouteKind.BuildTrace => realisation.RunByPathAsync(context, route),
            RouteKind.Landing => landing.RunAsync(context),
            RouteKind.Favicon => Favicon.Response.SendAsync(context),
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

    // Nobody reads the body of a request, so the connection ends after it.
    private static Task RefuseAsync(HttpContext context, ErrorReply error) =>
        ContentSender.SendErrorAsync(context, HasBody(context) ? error.ClosingConnection() : error);

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    private async Task FailAsync(HttpContext context, Exception exception)
    {
        if (exception is ConnectionAbortedException || context.RequestAborted.IsCancellationRequested)
        {
            logger.ClientGone(KestrelRequest.Of(context).Target, context.TraceIdentifier);
        }
        else if (context.Response.HasStarted)
        {
            logger.BodyCut(KestrelRequest.Of(context).Target, context.TraceIdentifier, exception);
            context.Abort();
        }
        else
        {
            ErrorReply reply = Fail(KestrelRequest.Of(context).Target, context.TraceIdentifier, exception);
            context.Response.Clear();
            await ContentSender.SendErrorAsync(context, reply);
        }
    }

    private ErrorReply Fail(string target, string id, Exception exception)
    {
        ErrorReply reply = ErrorStatus.For(exception);
        if (ErrorStatus.IsDaemonMissing(exception))
            logger.DaemonMissing(target, reply.Status, exception.Message, id);
        else
            logger.RequestFailed(target, reply.Status, id, exception);
        return reply;
    }
}
