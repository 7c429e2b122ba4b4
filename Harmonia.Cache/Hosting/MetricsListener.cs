using Harmonia.Cache.Http;
using Harmonia.Cache.Pages;
using Harmonia.Cache.Sending;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// The address of <c>metrics_bind</c>, which serves <c>/metrics</c> and nothing else. It is HTTP without TLS, asks for no credentials and
/// works when clients have reached the limits.
/// </summary>
public sealed class MetricsListener(MetricsEndpoint endpoint)
{
    /// <summary>Marks the connections of this address.</summary>
    public static ConnectionDelegate Mark(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(new Marked());
        return next(connection);
    };

    public Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Marked>() is null)
            return next(context);
        if (Methods.IsGet(context.Request.Method) || Methods.IsHead(context.Request.Method))
        {
            return KestrelRequest.Of(context).Route.Kind == RouteKind.Metrics
                ? endpoint.RunAsync(context)
                : ContentSender.SendErrorAsync(context, ErrorReply.NotFound);
        }

        return ContentSender.SendErrorAsync(context, ErrorReply.MethodNotAllowed.ClosingConnection());
    }

    private sealed class Marked;
}
