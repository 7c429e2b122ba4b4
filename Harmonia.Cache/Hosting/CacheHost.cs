using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Hosting.FastFront;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Nar;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.NarInfo;
using Harmonia.Cache.Pages;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Configuration;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Systemd;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// The parts of a running cache, put together. A request passes the observer, the limits and the access gate, and ends in the router.
/// Owns its parts; the caller disposes the configuration and the listeners after it.
/// </summary>
public sealed class CacheHost : IAsyncDisposable
{
    /// <summary>How long requests under way may go on when the server stops.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    private readonly KestrelServer _server;
    private readonly HttpApplication _application;
    private readonly Stack<object> _owned = [];
    private readonly StartupCheck _startupCheck;
    private readonly ReloadTrigger _reloadTrigger;
    private readonly Watchdog _watchdog;
    private readonly ServiceNotifier _notifier;
    private readonly BackgroundTasks _background;
    private readonly CancellationTokenSource _stopping = new();
    private readonly KeptSignatures? _signatures;
    private readonly Lazy<Task> _stopped;

    /// <param name="configuration">Read and checked.</param>
    /// <param name="listeners">Bound; the server takes the sockets when it starts.</param>
    /// <param name="sighup">Counts from before the server was built.</param>
    /// <exception cref="ConfigurationException">The directory of the NAR cache or of the signatures can't be used.</exception>
    public CacheHost(CacheConfiguration configuration, Listeners listeners, SighupSignal sighup)
        : this(configuration, listeners, sighup, new CacheParts())
    {
    }

    internal CacheHost(CacheConfiguration configuration, Listeners listeners, SighupSignal sighup, CacheParts parts)
    {
        CacheOptions options = configuration.Options;
        string realStore = options.RealStore ?? options.VirtualStore.Path;
        SystemdEnvironment systemd = SystemdEnvironment.OfProcess();
        LogLevelSwitch levels = new(options);
        Loggers = Own(parts.Log is null ? ServerLogging.Create(options.LogFormat, levels) : ServerLogging.Create(parts.Log, levels));
        _notifier = new ServiceNotifier(systemd, Logger<CacheHost>().NotNotified);
        Statistics = new CacheStatistics(TimeProvider.System);
        Metrics = Own(new CacheMetrics(RoutePaths.All, Statistics, VersionEndpoint.Number));
        _signatures = options.Signatures is { MaxSize: > 0 } signatureOptions
            ? OpenDirectory("signatures", () => new KeptSignatures(
                signatureOptions, configuration.SigningKeys, TimeProvider.System, Logger<KeptSignatures>()))
            : null;
        NarFileCache? narCache = options.NarCache is { } narCacheOptions
            ? OpenDirectory("nar_cache", () => new NarFileCache(
                narCacheOptions, Metrics.NarCache, TimeProvider.System, Logger<NarFileCache>()))
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
            Own(new StoreWatch(daemon, freshness, Statistics, Logger<StoreWatch>()));
        Quarantine quarantine = new(files, freshness, Statistics, Logger<Quarantine>());
        Signer = new NarInfoSigner(options.VirtualStore, configuration.SigningKeys, options.Sign, _signatures);
        SignatureMetrics.Add(Metrics.Registry, () => Signer.Made, () => Signer.Found);
        IStoreCatalog origin = parts.Catalog ?? Own(new DaemonCatalog(daemon, Logger<DaemonCatalog>()));
        StoreInventory inventory = Own(new StoreInventory(origin, freshness, options.Memory.Misses / 2));
        CachingCatalog catalog = Own(new CachingCatalog(
            origin, Signer, freshness, quarantine, inventory, options.Memory.Answers, options.Memory.Misses / 2, Statistics));
        IRealisationCatalog realisations = parts.Realisations ?? Own(new DaemonRealisations(daemon, Logger<DaemonRealisations>()));
        KnownNars known = new();

        // Caches, and the metrics that read them. Reading a NAR waits for the disk as much as for a processor.
        StoreNars nars = Own(new StoreNars(
            files, quarantine, options.Memory.NarIndexes, options.Memory.Nars, maxReadings: 2 * options.Workers));
        Listings = new NarListings(options.Memory.Listings);
        MemoryMetrics.Add(Metrics.Registry, [.. catalog.Usage, inventory.Usage, .. nars.Usage, Listings.Usage]);
        Compressor compressor = Own(new Compressor(options, Metrics.Compression));
        ContentSender sender = new(compressor);

        // Endpoints
        ClientAddress clientAddress = new(options.TrustedProxies);
        ConcurrencyLimit narStreams = new(options.MaxNarStreams);
        Access = Own(new AccessGate(configuration.Credentials));
        NarRequests narRequests = new(catalog, nars, known, Logger<NarRequests>());
        PageReply pages = new(sender);
        LogDirectory logs = new(options.LogDirectory ?? LogDirectory.Of(realStore));
        StoreProblems problems = new(catalog, filesCheck);
        bool hasMetrics = options.Metrics && listeners.MetricsEndPoints.Count == 0;
        MetricsEndpoint ServeMetrics(bool isEnabled) => new(Metrics.Registry, sender, isEnabled);
        Router router = new(
            new CacheInfoEndpoint(options.VirtualStore, options.Priority),
            new NarInfoEndpoint(
                catalog, Signer, new NarInfoText(options.VirtualStore, offersZstd: narCache is not null), known, narCache, Statistics, sender,
                Logger<NarInfoEndpoint>()),
            new NarListingEndpoint(catalog, nars, Listings, Statistics, sender, Logger<NarListingEndpoint>()),
            new NarEndpoint(narRequests, nars, Statistics, sender, options.EnableCompression),
            new ZstdNarEndpoint(narRequests, sender, Logger<ZstdNarEndpoint>(), narCache),
            new ServeEndpoint(
                catalog, new StoreWalk(catalog, files, options.VirtualStore), new ServedFile(sender), pages, options, Logger<ServeEndpoint>()),
            new PathEndpoint(catalog, Signer, logs, pages, options, Logger<PathEndpoint>()),
            new LogEndpoint(catalog, logs, options, sender, Logger<LogEndpoint>()),
            new RealisationEndpoint(catalog, realisations, new RealisationSigner(Signer), sender, Logger<RealisationEndpoint>()),
            new LandingEndpoint(options, hasMetrics, Signer, Statistics, Own(new PathCount(catalog, TimeProvider.System)), problems, pages),
            new ReadinessEndpoint(problems),
            ServeMetrics(isEnabled: hasMetrics),
            Access,
            clientAddress,
            narStreams,
            Logger<Router>());

        // What every request passes
        SendRateLimit sendRate = new(options.MinSendRate, parts.Time, Logger<SendRateLimit>());
        RequestObserver observer = new(
            Metrics.Http, Statistics, Loggers, options.AccessLog ? LogLevel.Information : LogLevel.Debug, clientAddress, sendRate);
        FastFront = new FastFrontMiddleware(router, observer, sendRate);
        Func<HttpContext, RequestDelegate, Task>[] metricsListener =
            listeners.MetricsEndPoints.Count > 0 ? [new MetricsListener(ServeMetrics(options.Metrics)).RunAsync] : [];
        _application = new HttpApplication(
            router.HandleAsync,
            [FastFrontMiddleware.RunAsync, observer.RunAsync, .. metricsListener, ErrorPages.RunAsync, new LoadLimits(narStreams, Logger<LoadLimits>()).RunAsync]);
        TlsListener? tls = configuration.Certificate is { } certificate
            ? new TlsListener(certificate, options.Workers * options.MaxTlsHandshakes)
            : null;
        _server = KestrelSetup.CreateServer(
            options, listeners, tls, FastFront, Loggers, tls is null ? null : Own(TlsServices.Of(Loggers)));

        // Background tasks
        _startupCheck = new StartupCheck(catalog, filesCheck);
        _reloadTrigger = new ReloadTrigger(new Reloader(configuration, Signer, Access, levels, _notifier, tls, Logger<Reloader>()), sighup);
        _watchdog = Own(new Watchdog(systemd, _notifier, silence => Logger<CacheHost>().ThreadPoolBusy(silence.TotalSeconds)));
        _background = Own(new BackgroundTasks(_stopping.Cancel, Logger<BackgroundTasks>()));
        _stopped = new Lazy<Task>(StopOnceAsync);
        Own(new IdleHeap(TimeProvider.System, () => Statistics.Lookups, () =>
        {
            catalog.Shrink();
            nars.Shrink();
            Listings.Shrink();
        }));
    }

    /// <summary>Makes the loggers of the process.</summary>
    public ILoggerFactory Loggers { get; }

    /// <summary>The addresses it listens on, once it has started.</summary>
    public ICollection<string> Urls => _server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    /// <summary>Is canceled when the server begins to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    internal CacheStatistics Statistics { get; }

    internal CacheMetrics Metrics { get; }

    internal FastFrontMiddleware FastFront { get; }

    internal NarListings Listings { get; }

    internal NarInfoSigner Signer { get; }

    internal AccessGate Access { get; }

    /// <summary>Begins to serve.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _watchdog.Start();
        _background.Start("check of daemon and store", _startupCheck.RunAsync);
        if (_signatures is not null)
            _background.Start("writing of signatures", _signatures.WriteAsync);
        await _server.StartAsync(_application, cancellationToken);
        _background.Start("reload", _reloadTrigger.RunAsync);
        _notifier.Ready("Serving");
    }

    /// <summary>Stops: requests under way may end within <see cref="DrainTime"/>.</summary>
    public Task StopAsync() => _stopped.Value;

    /// <summary>
    /// Serves until the task ends, the token is canceled or a background task fails, and stops then. False if one has failed.
    /// </summary>
    /// <param name="ending">Usually ends with a signal.</param>
    /// <param name="cancellationToken">Stops the server as well.</param>
    public async Task<bool> ServeUntilAsync(Task ending, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await ending.WaitAsync(stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync();
        return !_background.HasFailed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _server.Dispose();
        while (_owned.TryPop(out object? part))
        {
            if (part is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                ((IDisposable)part).Dispose();
        }

        _stopping.Dispose();
    }

    // Reloads go on while requests end.
    private async Task StopOnceAsync()
    {
        await _stopping.CancelAsync();
        _notifier.Stopping();
        using CancellationTokenSource drain = new(DrainTime);
        await _server.StopAsync(drain.Token);
        await FastFront.Unsent.WhenSentAsync(drain.Token);
        await _background.StopAsync(drain.Token);
    }

    // The parts from before are closed. None of them takes time to end.
    private T OpenDirectory<T>(string table, Func<T> open)
        where T : class
    {
        try
        {
            return Own(open());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            while (_owned.TryPop(out object? part))
                ((IDisposable)part).Dispose();
            throw new ConfigurationException([new ConfigurationError(FilePosition.None, $"{table}.directory", exception.Message)]);
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
