using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>Puts the short path before Kestrel, and hears from there when a request has been read.</summary>
public sealed class ShortPathMiddleware(Shortcuts shortcuts, ShortPathObserver observer)
{
    /// <summary>For connections that bring HTTP/1.1 as it is.</summary>
    /// <param name="next">Kestrel.</param>
    /// <param name="isAdmitted">Tells of which connections requests are answered.</param>
    public ConnectionDelegate Use(ConnectionDelegate next, Predicate<ConnectionContext> isAdmitted) => async connection =>
    {
        IDuplexPipe original = connection.Transport;
        AnswerWriter? answers = isAdmitted(connection) && ShortRequestId.Fits(connection.ConnectionId)
            ? new AnswerWriter(connection, shortcuts, observer)
            : null;
        ShortPathReader reader = new(original.Input, answers);
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

    /// <summary>Notes that a request has come to Kestrel whole, so that what it reads next is another.</summary>
    public static Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            context.Features.Get<ShortPathReader>()?.ExpectRequest();
        return next(context);
    }
}
