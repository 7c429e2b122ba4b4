using System.Net;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Hosting.FastFront;
using Harmonia.Cache.Hosting.Systemd;
using Harmonia.Cache.Http;
using Harmonia.Cache.Interop;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Nar;
using Harmonia.Cache.NarInfo;
using Harmonia.Cache.Pages;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Harmonia.Cache.Hosting;

/// <summary>Builds the web server from its parts. Each request passes the observer, the limits and the gate, and ends in the router.</summary>
public static class CacheServer
{
    /// <summary>How long requests under way may go on when the server stops.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    /// <summary>A server that is not started yet.</summary>
    /// <param name="configuration">Stays the caller's, who disposes it after the server.</param>
    /// <param name="listeners">Bound; the server takes the sockets when it starts.</param>
    /// <param name="sighup">Counts from before the server was built.</param>
    /// <param name="configureServices">Replaces parts, such as the catalog in tests.</param>
    public static WebApplication Build(
        CacheConfiguration configuration, Listeners listeners, SighupSignal sighup, Action<IServiceCollection>? configureServices = null)
    {
        CacheOptions options = configuration.Options;
        // Only what docs/configuration.md names configures the cache: no appsettings.json in the working directory, no ASPNETCORE_
        // variables (arguments go before them, and are read before the sources can be cleared), no host filter.
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = [$"--{WebHostDefaults.ServerUrlsKey}=", $"--{WebHostDefaults.PreferHostingUrlsKey}=false"],
        });
        builder.Configuration.Sources.Clear();
        builder.Services.RemoveAll<IStartupFilter>();

        LogLevelSwitch levels = new(options);
        TlsListener? tls = configuration.Certificate is { } certificate
            ? new TlsListener(certificate, options.Workers * options.MaxTlsHandshakes)
            : null;
        ServerLogging.Configure(builder.Logging, options.LogFormat, levels);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.Services.Configure<SocketTransportOptions>(transport => ConfigureTransport(transport, options, listeners));
        builder.Services.AddSingleton<IConnectionListenerFactory>(parts => new InlineTransport(
            parts.GetRequiredService<IOptions<SocketTransportOptions>>().Value,
            [.. listeners.EndPoints.Where(endPoint => tls is null || endPoint is not IPEndPoint)],
            parts.GetRequiredService<ILoggerFactory>()));
        builder.WebHost.ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, options, listeners, tls));
        builder.Services.AddSingleton(levels);
        builder.Services.AddSingleton(sighup);
        if (tls is not null)
            builder.Services.AddSingleton(tls);
        AddParts(builder.Services, configuration);
        AddOperation(builder.Services, configuration);
        configureServices?.Invoke(builder.Services);

        WebApplication application = builder.Build();
        application.Use(ShortPathMiddleware.RunAsync);
        application.Use(application.Services.GetRequiredService<RequestObserver>().RunAsync);
        application.Use(application.Services.GetRequiredService<MetricsListener>().RunAsync);
        application.Use(application.Services.GetRequiredService<LoadLimits>().RunAsync);
        application.Use(application.Services.GetRequiredService<AccessGate>().RunAsync);
        Router router = application.Services.GetRequiredService<Router>();
        application.Run(router.HandleAsync);
        return application;
    }

    private static void AddParts(IServiceCollection services, CacheConfiguration configuration)
    {
        CacheOptions options = configuration.Options;
        services.AddSingleton(new CacheStatistics(TimeProvider.System));
        services.AddSingleton(provider => new CacheMetrics(
            RoutePaths.All, provider.GetRequiredService<CacheStatistics>(), VersionEndpoint.Number,
            [
                .. provider.GetRequiredService<CachingCatalog>().Figures, provider.GetRequiredService<PreparedNarInfos>().Figures,
                .. provider.GetRequiredService<StoreNars>().Figures, provider.GetRequiredService<NarListings>().Figures,
            ],
            provider.GetRequiredService<NarCacheMetrics>()));
        services.AddSingleton(new ClientAddress(options.TrustedProxies));
        services.AddSingleton(provider => new AccessLog(
            provider.GetRequiredService<ILoggerFactory>(), options.AccessLog ? LogLevel.Information : LogLevel.Debug,
            provider.GetRequiredService<ClientAddress>()));
        services.AddSingleton(provider => new SendRateLimit(
            options.MinSendRate, TimeProvider.System, provider.GetRequiredService<ILogger<SendRateLimit>>()));
        services.AddSingleton<RequestObserver>();
        services.AddSingleton(provider => new Compressor(
            options, provider.GetRequiredService<CacheMetrics>().Compression, LibZstd.Missing(), provider.GetRequiredService<ILogger<Compressor>>()));
        services.AddSingleton<ContentSender>();
        services.AddSingleton(provider => Metrics(provider, options.Metrics && options.MetricsBind is null));
        services.AddSingleton(provider => new MetricsListener(Metrics(provider, isEnabled: true)));
        services.AddSingleton(new StoreFiles(options.RealStore ?? options.VirtualStore.Path));
        services.AddSingleton(provider => new StoreFilesCheck(
            options.RealStore ?? options.VirtualStore.Path, provider.GetRequiredService<ILogger<StoreFilesCheck>>()));
        services.AddSingleton(new NarInfoSigner(options.VirtualStore, configuration.SigningKeys, options.Sign));
        services.AddSingleton(new CacheInfoEndpoint(options.VirtualStore, options.Priority));
        CatalogServices.Add(services, options);
        NarServices.Add(services, options);
        services.AddSingleton(new KnownNars());
        NarCacheServices.Add(services, options.NarCache);
        services.AddSingleton(provider => new PreparedNarInfos(
            provider.GetRequiredService<NarInfoSigner>(), provider.GetRequiredService<KnownNars>(), provider.GetRequiredService<NarOffers>(),
            options.Memory.Answers / 2));
        services.AddSingleton<NarInfoEndpoint>();
        services.AddSingleton<IRealisationCatalog, DaemonRealisations>();
        services.AddSingleton<RealisationSigner>();
        services.AddSingleton<RealisationEndpoint>();
        AddPages(services, configuration);
        services.AddSingleton<IShortcut, NarInfoShortcut>();
        services.AddSingleton<IShortcut>(parts => new NarShortcut(
            parts.GetRequiredService<CachingCatalog>(), parts.GetRequiredService<Quarantine>(), parts.GetRequiredService<StoreNars>(),
            parts.GetRequiredService<Compressor>(), parts.GetRequiredService<LookupStatistics>(), parts.GetRequiredService<LoadLimits>().NarStreams));
        services.AddSingleton<Shortcuts>();
        services.AddSingleton<ShortPathObserver>();
        services.AddSingleton<ShortPathMiddleware>();
        services.AddSingleton<ReadinessEndpoint>();
        services.AddSingleton<Router>();
        services.AddHostedService<StartupCheck>();
    }

    private static MetricsEndpoint Metrics(IServiceProvider parts, bool isEnabled) =>
        new(parts.GetRequiredService<CacheMetrics>(), parts.GetRequiredService<ContentSender>(), isEnabled);

    private static void AddPages(IServiceCollection services, CacheConfiguration configuration)
    {
        services.AddSingleton<PageReply>();
        services.AddSingleton<ServedFile>();
        services.AddSingleton(parts => new StoreWalk(
            parts.GetRequiredService<QuarantineCatalog>(), parts.GetRequiredService<StoreFiles>(), configuration.Options.VirtualStore));
        services.AddSingleton(parts => new ServeEndpoint(
            parts.GetRequiredService<QuarantineCatalog>(), parts.GetRequiredService<StoreWalk>(), parts.GetRequiredService<ServedFile>(),
            parts.GetRequiredService<PageReply>(), configuration.Options, parts.GetRequiredService<ILogger<ServeEndpoint>>()));
        services.AddSingleton(new LogDirectory(
            configuration.Options.LogDirectory ?? LogDirectory.Of(configuration.Options.RealStore ?? configuration.Options.VirtualStore.Path)));
        services.AddSingleton(parts => new LogEndpoint(
            parts.GetRequiredService<IStoreCatalog>(), parts.GetRequiredService<LogDirectory>(), configuration.Options,
            parts.GetRequiredService<ContentSender>(), parts.GetRequiredService<ILogger<LogEndpoint>>()));
        services.AddSingleton(parts => new PathCount(parts.GetRequiredService<IStoreCatalog>(), TimeProvider.System));
        services.AddSingleton(parts => new LandingEndpoint(
            configuration.Options, parts.GetRequiredService<NarInfoSigner>(), parts.GetRequiredService<CacheStatistics>(),
            parts.GetRequiredService<PathCount>(), parts.GetRequiredService<PageReply>()));
    }

    private static void AddOperation(IServiceCollection services, CacheConfiguration configuration)
    {
        services.AddSingleton(configuration);
        services.AddSingleton(SystemdEnvironment.OfProcess());
        services.AddSingleton<ServiceNotifier>();
        services.AddSingleton(_ => new AccessGate(configuration.Credentials));
        services.AddSingleton(provider =>
            new LoadLimits(configuration.Options.MaxNarStreams, provider.GetRequiredService<ILogger<LoadLimits>>()));
        services.AddSingleton<Reloader>();
        services.AddHostedService<Watchdog>();
        services.AddHostedService<StateReport>();
        services.AddHostedService<ReloadTrigger>();
    }

    private static void ConfigureTransport(SocketTransportOptions transport, CacheOptions options, Listeners listeners)
    {
        transport.IOQueueCount = options.Workers;
        transport.Backlog = 2048;
        transport.CreateBoundListenSocket = listeners.Take;
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel, CacheOptions options, Listeners listeners, TlsListener? tls)
    {
        ConnectionLimit connections = new((long)options.Workers * options.MaxConnections);
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxConcurrentConnections = connections.HardLimit;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        // The longest URL of ours has 125 characters; what else clients send (user agent, tokens of proxies) is small.
        limits.MaxRequestLineSize = 4 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestBodySize = 0;
        // SendRateLimit is in its place.
        limits.MinResponseDataRate = null;
        foreach (EndPoint endPoint in listeners.EndPoints)
            kestrel.Listen(endPoint, listen => ConfigureListener(listen, connections, tls));
        foreach (EndPoint endPoint in listeners.MetricsEndPoints)
            kestrel.Listen(endPoint, ConfigureMetricsListener);
    }

    private static void ConfigureMetricsListener(ListenOptions listen)
    {
        listen.Use(MetricsListener.Mark);
        listen.Protocols = HttpProtocols.Http1;
    }

    private static void ConfigureListener(ListenOptions listen, ConnectionLimit connections, TlsListener? tls)
    {
        listen.Use(connections.Count);
        if (tls is not null && listen.EndPoint is IPEndPoint)
        {
            tls.Use(listen);
            return;
        }

        listen.Use(SocketTransport.Use);
        ShortPathMiddleware shortPath = listen.ApplicationServices.GetRequiredService<ShortPathMiddleware>();
        listen.Use(next => shortPath.Use(next, isAdmitted: connection => !ConnectionLimit.IsExceeded(connection)));
        listen.Protocols = HttpProtocols.Http1;
    }
}
