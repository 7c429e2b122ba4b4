using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Hosting.FastFront;
using Harmonia.Cache.Hosting.Systemd;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Nar;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.NarInfo;
using Harmonia.Cache.Pages;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// The parts of a running cache, put together. A request passes the observer, the limits and the access gate, and ends in the router.
/// Owns its parts; the caller disposes the configuration and the listeners after it.
/// </summary>
public sealed class CacheHost : IAsyncDisposable
{
    /// <summary>How long requests under way may go on when the server stops.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    private readonly WebApplication _server;
    private readonly Stack<object> _owned = [];
    private readonly LogLevelSwitch _levels;
    private readonly TlsListener? _tls;
    private readonly FastFrontMiddleware _fastFront;
    private readonly StartupCheck _startupCheck;
    private readonly ReloadTrigger _reloadTrigger;
    private readonly ServiceNotifier _notifier;

    /// <param name="configuration">Read and checked.</param>
    /// <param name="listeners">Bound; the server takes the sockets when it starts.</param>
    /// <param name="sighup">Counts from before the server was built.</param>
    /// <exception cref="ConfigurationException">The directory of the NAR cache can't be used.</exception>
    public CacheHost(CacheConfiguration configuration, Listeners listeners, SighupSignal sighup)
        : this(configuration, listeners, sighup, new CacheParts())
    {
    }

    internal CacheHost(CacheConfiguration configuration, Listeners listeners, SighupSignal sighup, CacheParts parts)
    {
        CacheOptions options = configuration.Options;
        string realStore = options.RealStore ?? options.VirtualStore.Path;
        SystemdEnvironment systemd = SystemdEnvironment.OfProcess();
        _levels = new LogLevelSwitch(options);
        _tls = configuration.Certificate is { } certificate
            ? new TlsListener(certificate, options.Workers * options.MaxTlsHandshakes)
            : null;
        _server = BuildServer(options, listeners, systemd, parts.Log);
        Loggers = _server.Services.GetRequiredService<ILoggerFactory>();
        _notifier = new ServiceNotifier(systemd, Logger<ServiceNotifier>());
        Statistics = new CacheStatistics(TimeProvider.System);
        Metrics = Own(new CacheMetrics(RoutePaths.All, Statistics, VersionEndpoint.Number));
        NarFileCache? narCache = options.NarCache is { } narCacheOptions
            ? Own(OpenNarCache(narCacheOptions, Metrics.NarCache))
            : null;

        // Catalog
        StoreFiles files = new(realStore);
        StoreFilesCheck filesCheck = new(realStore, Logger<StoreFilesCheck>());
        DaemonCatalogOptions daemon = new()
        {
            SocketPath = options.DaemonSocket ?? DaemonSockets.Default(),
            StoreDirectory = options.VirtualStore,
            MaxConnections = options.Workers,
        };
        StoreFreshness freshness = parts.Freshness ?? new StoreFreshness(options.Memory.MaxAge, TimeProvider.System);
        if (parts.Catalog is null)
            Own(new StoreWatch(daemon, freshness, Statistics.Lookups, Logger<StoreWatch>()));
        Quarantine quarantine = new(files, Statistics, Logger<Quarantine>());
        CachingCatalog catalog = new(
            parts.Catalog ?? Own(new DaemonCatalog(daemon, Logger<DaemonCatalog>())), freshness, quarantine,
            options.Memory.Answers / 2, options.Memory.Misses, Statistics.Lookups);
        IRealisationCatalog realisations = parts.Realisations ?? Own(new DaemonRealisations(daemon, Logger<DaemonRealisations>()));
        KnownNars known = new();

        // Caches, and the metrics that read them. Reading a NAR waits for the disk as much as for a processor.
        StoreNars nars = Own(new StoreNars(
            files, quarantine, options.Memory.NarIndexes, options.Memory.Nars, maxReadings: 2 * options.Workers));
        Listings = new NarListings(options.Memory.Listings);
        Signer = new NarInfoSigner(options.VirtualStore, configuration.SigningKeys, options.Sign);
        PreparedNarInfos narInfos = new(Signer, known, narCache, options.Memory.Answers / 2);
        MemoryMetrics.Add(Metrics.Registry, [.. catalog.Usage, narInfos.Usage, .. nars.Usage, Listings.Usage]);
        Compressor compressor = Own(new Compressor(options, Metrics.Compression));
        ContentSender sender = new(compressor);

        // Endpoints
        NarRequests narRequests = new(catalog, nars, known, Logger<NarRequests>());
        PageReply pages = new(sender);
        MetricsEndpoint ServeMetrics(bool isEnabled) => new(Metrics.Registry, sender, isEnabled);
        Router router = new(
            new CacheInfoEndpoint(options.VirtualStore, options.Priority),
            new NarInfoEndpoint(catalog, narInfos, Statistics, sender, Logger<NarInfoEndpoint>()),
            new NarListingEndpoint(catalog, nars, Listings, Statistics.Lookups, sender, Logger<NarListingEndpoint>()),
            new NarEndpoint(narRequests, nars, Statistics.Lookups, sender),
            new ZstdNarEndpoint(narRequests, sender, Logger<ZstdNarEndpoint>(), narCache),
            new ServeEndpoint(
                catalog, new StoreWalk(catalog, files, options.VirtualStore), new ServedFile(sender), pages, options, Logger<ServeEndpoint>()),
            new LogEndpoint(
                catalog, new LogDirectory(options.LogDirectory ?? LogDirectory.Of(realStore)), options, sender, Logger<LogEndpoint>()),
            new RealisationEndpoint(catalog, realisations, new RealisationSigner(Signer), sender, Logger<RealisationEndpoint>()),
            new LandingEndpoint(options, Signer, Statistics, Own(new PathCount(catalog, TimeProvider.System)), pages),
            new ReadinessEndpoint(catalog, filesCheck),
            ServeMetrics(isEnabled: options.Metrics && options.MetricsBind is null),
            Logger<Router>());

        // What every request passes
        ClientAddress clientAddress = new(options.TrustedProxies);
        AccessLog accessLog = new(Loggers, options.AccessLog ? LogLevel.Information : LogLevel.Debug, clientAddress);
        SendRateLimit sendRate = new(options.MinSendRate, parts.Time, Logger<SendRateLimit>());
        LoadLimits limits = new(options.MaxNarStreams, Logger<LoadLimits>());
        Access = Own(new AccessGate(configuration.Credentials));
        RequestObserver observer = new(Metrics, Statistics, accessLog, sendRate);
        _fastFront = new FastFrontMiddleware(router, limits, observer, sendRate, Access, clientAddress);
        _server.Use(FastFrontMiddleware.RunAsync);
        _server.Use(observer.RunAsync);
        _server.Use(new MetricsListener(ServeMetrics(isEnabled: true)).RunAsync);
        _server.Use(limits.RunAsync);
        _server.Use(new AccessMiddleware(Access).RunAsync);
        _server.Run(router.HandleAsync);

        // Background services
        _startupCheck = new StartupCheck(catalog, filesCheck);
        _reloadTrigger = new ReloadTrigger(
            new Reloader(configuration, Signer, Access, _levels, _notifier, _tls, Logger<Reloader>()), sighup);
        Own(new IdleHeap(TimeProvider.System, () =>
        {
            catalog.Shrink();
            narInfos.Shrink();
            nars.Shrink();
            Listings.Shrink();
        }));
    }

    /// <summary>Makes the loggers of the process.</summary>
    public ILoggerFactory Loggers { get; }

    /// <summary>The addresses it listens on, once it has started.</summary>
    public ICollection<string> Urls => _server.Urls;

    /// <summary>Is canceled when the server begins to stop.</summary>
    public CancellationToken Stopping => _server.Lifetime.ApplicationStopping;

    internal CacheStatistics Statistics { get; }

    internal CacheMetrics Metrics { get; }

    internal NarListings Listings { get; }

    internal NarInfoSigner Signer { get; }

    internal AccessGate Access { get; }

    /// <summary>Begins to serve.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _server.StartAsync(cancellationToken);

    /// <summary>Stops as SIGTERM does: requests under way may end within <see cref="DrainTime"/>.</summary>
    public Task StopAsync() => _server.StopAsync();

    /// <summary>Waits until a signal or the token stops the server.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _server.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        while (_owned.TryPop(out object? part))
        {
            if (part is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                ((IDisposable)part).Dispose();
        }
    }

    // The hosted services and the fast front are made after the server; it asks for them when it starts.
    private WebApplication BuildServer(CacheOptions options, Listeners listeners, SystemdEnvironment systemd, ILoggerProvider? log)
    {
        WebApplicationBuilder builder = KestrelSetup.CreateBuilder(options, listeners, _tls, () => _fastFront);
        ServerLogging.Configure(builder.Logging, options.LogFormat, _levels);
        if (log is not null)
            builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.Services.AddHostedService(_ => _startupCheck);
        builder.Services.AddHostedService(_ => new Watchdog(systemd, _notifier, Logger<Watchdog>()));
        builder.Services.AddHostedService(_ => new StateReport(_notifier, _server.Lifetime));
        builder.Services.AddHostedService(_ => _reloadTrigger);
        return builder.Build();
    }

    private NarFileCache OpenNarCache(NarCacheOptions options, NarCacheMetrics metrics)
    {
        try
        {
            return new NarFileCache(options, metrics, TimeProvider.System, Logger<NarFileCache>());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Metrics.Dispose();
            ((IDisposable)_server).Dispose();
            throw new ConfigurationException([new ConfigurationError(FilePosition.None, "nar_cache.directory", exception.Message)]);
        }
    }

    private ILogger<T> Logger<T>() => Loggers.CreateLogger<T>();

    private T Own<T>(T part)
        where T : class
    {
        _owned.Push(part);
        return part;
    }
}
