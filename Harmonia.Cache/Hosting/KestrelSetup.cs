using System.Net;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Hosting.FastFront;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Harmonia.Cache.Hosting;

/// <summary>Configures Kestrel: its limits, its sockets, and what each connection passes before its requests are parsed.</summary>
internal static class KestrelSetup
{
    /// <summary>Kestrel on the given listeners; the caller disposes it.</summary>
    /// <remarks>
    /// No generic host builds it: its container makes generic types at run time, which took a third of the CPU time from the start to the
    /// first answer. So nothing but docs/configuration.md configures the cache either: no appsettings.json, no ASPNETCORE_ variables.
    /// </remarks>
    /// <param name="options">The limits.</param>
    /// <param name="listeners">Bound.</param>
    /// <param name="tls">For TCP sockets; null for plain ones.</param>
    /// <param name="fastFront">Responds before it.</param>
    /// <param name="loggers">For Kestrel.</param>
    /// <param name="services">What TLS needs; null without TLS.</param>
    public static KestrelServer CreateServer(
        CacheOptions options, Listeners listeners, TlsListener? tls, FastFrontMiddleware fastFront, ILoggerFactory loggers, IServiceProvider? services)
    {
        SocketTransportOptions sockets = new()
        {
            IOQueueCount = options.Workers,
            Backlog = 2048,
            CreateBoundListenSocket = listeners.Take,
        };
        KestrelServerOptions kestrel = new();
        if (services is not null)
            kestrel.ApplicationServices = services;
        ConnectionLimit connections = new((long)options.Workers * options.MaxConnections);
        Configure(kestrel, connections, listeners, tls, fastFront);
        LoneRequestResponder? responder = tls is null ? new LoneRequestResponder(fastFront, connections) : null;
        return new KestrelServer(Options.Create(kestrel), new InlineTransport(sockets, listeners.EndPoints, responder, loggers), loggers);
    }

    private static void Configure(
        KestrelServerOptions kestrel, ConnectionLimit connections, Listeners listeners, TlsListener? tls, FastFrontMiddleware fastFront)
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxConcurrentConnections = connections.HardLimit;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        // Our longest URL has 125 characters; other headers of clients (user agent, tokens of proxies) are small.
        limits.MaxRequestLineSize = 4 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestBodySize = 0;
        // SendRateLimit replaces it.
        limits.MinResponseDataRate = null;
        foreach (EndPoint endPoint in listeners.EndPoints)
            kestrel.Listen(endPoint, listen => ConfigureListener(listen, connections, tls, fastFront));
        foreach (EndPoint endPoint in listeners.MetricsEndPoints)
            kestrel.Listen(endPoint, ConfigureMetricsListener);
    }

    private static void ConfigureMetricsListener(ListenOptions listen)
    {
        listen.Use(MetricsListener.Mark);
        listen.Protocols = HttpProtocols.Http1;
    }

    private static void ConfigureListener(ListenOptions listen, ConnectionLimit connections, TlsListener? tls, FastFrontMiddleware fastFront)
    {
        listen.Use(connections.Count);
        if (tls is not null && listen.EndPoint is IPEndPoint)
        {
            tls.Use(listen);
        }
        else
        {
            listen.Use(SocketTransport.Use);
            listen.Protocols = HttpProtocols.Http1;
        }

        listen.Use(next => fastFront.Use(next, isAdmitted: connection => !ConnectionLimit.IsExceeded(connection)));
    }
}
