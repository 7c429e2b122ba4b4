using System.Net;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Hosting.FastFront;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Harmonia.Cache.Hosting;

/// <summary>Configures Kestrel: its limits, its sockets, and what each connection passes before its requests are parsed.</summary>
internal static class KestrelSetup
{
    /// <summary>A builder with Kestrel on the given listeners, and nothing else.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="listeners">Bound.</param>
    /// <param name="tls">For TCP sockets; null for plain ones.</param>
    /// <param name="fastFront">Is called when the server starts.</param>
    public static WebApplicationBuilder CreateBuilder(
        CacheOptions options, Listeners listeners, TlsListener? tls, Func<FastFrontMiddleware> fastFront)
    {
        // Only what docs/configuration.md names configures the cache: no appsettings.json in the working directory, no ASPNETCORE_
        // variables (arguments go before them, and are read before the sources can be cleared), no host filter.
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = [$"--{WebHostDefaults.ServerUrlsKey}=", $"--{WebHostDefaults.PreferHostingUrlsKey}=false"],
        });
        builder.Configuration.Sources.Clear();
        builder.Services.RemoveAll<IStartupFilter>();
        builder.Services.Configure<SocketTransportOptions>(transport =>
        {
            transport.IOQueueCount = options.Workers;
            transport.Backlog = 2048;
            transport.CreateBoundListenSocket = listeners.Take;
        });
        builder.Services.AddSingleton<IConnectionListenerFactory>(parts => new InlineTransport(
            parts.GetRequiredService<IOptions<SocketTransportOptions>>().Value,
            [.. listeners.EndPoints.Where(endPoint => tls is null || endPoint is not IPEndPoint)],
            parts.GetRequiredService<ILoggerFactory>()));
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options, listeners, tls, fastFront));
        return builder;
    }

    private static void Configure(
        KestrelServerOptions kestrel, CacheOptions options, Listeners listeners, TlsListener? tls, Func<FastFrontMiddleware> fastFront)
    {
        ConnectionLimit connections = new((long)options.Workers * options.MaxConnections);
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

    private static void ConfigureListener(ListenOptions listen, ConnectionLimit connections, TlsListener? tls, Func<FastFrontMiddleware> fastFront)
    {
        listen.Use(connections.Count);
        if (tls is not null && listen.EndPoint is IPEndPoint)
        {
            tls.Use(listen);
            return;
        }

        listen.Use(SocketTransport.Use);
        listen.Use(next => fastFront().Use(next, isAdmitted: connection => !ConnectionLimit.IsExceeded(connection)));
        listen.Protocols = HttpProtocols.Http1;
    }
}
