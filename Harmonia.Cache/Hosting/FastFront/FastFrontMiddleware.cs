using System.IO.Pipelines;
using System.Net.Security;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>Puts the fast front before Kestrel, and tells it when Kestrel has read a request.</summary>
/// <param name="router">Responds.</param>
/// <param name="observer">Observes each request.</param>
/// <param name="sendRate">Ends connections of clients that are too slow.</param>
public sealed class FastFrontMiddleware(Router router, RequestObserver observer, SendRateLimit sendRate)
{
    internal Router Router => router;

    internal RequestObserver Observer => observer;

    internal SendRateLimit SendRate => sendRate;

    internal UnsentResponses Unsent { get; } = new();

    /// <summary>For each connection, behind its TLS. Frames of HTTP/2 are all left to Kestrel.</summary>
    /// <param name="next">Kestrel.</param>
    /// <param name="isAdmitted">Whether requests of a connection are answered.</param>
    public ConnectionDelegate Use(ConnectionDelegate next, Predicate<ConnectionContext> isAdmitted) => async connection =>
    {
        IDuplexPipe original = connection.Transport;
        FastResponder? responder = isAdmitted(connection) && !IsHttp2(connection) && FastConnectionId.Fits(connection.ConnectionId)
            ? new FastResponder(connection, router, observer, sendRate)
            : null;
        FastFrontReader reader = new(original.Input, responder is null ? null : responder.TryRespond);
        connection.Transport = new SocketTransport(reader, original.Output);
        connection.Features.Set(reader);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = original;
        }
    };

    /// <summary>Notes that Kestrel has read a request to its end, so that the next bytes are another request.</summary>
    public static Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            context.Features.Get<FastFrontReader>()?.ExpectRequest();
        return next(context);
    }

    // TLS has negotiated it; without TLS there is none.
    private static bool IsHttp2(ConnectionContext connection) =>
        connection.Features.Get<ISslStreamFeature>()?.SslStream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;
}
