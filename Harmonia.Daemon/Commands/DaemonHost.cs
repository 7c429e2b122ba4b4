using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Building;
using Harmonia.Daemon.Configuration;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Gc;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Operations;
using Harmonia.Daemon.Server;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Commands;

/// <summary>Composes the running daemon. Owns the database and what writes to it.</summary>
internal sealed class DaemonHost : IDisposable
{
    // Reading the directory of a large store would delay the first answers. Nobody needs the space at once.
    private static readonly TimeSpan CleaningDelay = TimeSpan.FromSeconds(3);

    private readonly DaemonOptions _options;
    private readonly ILogger _logger;
    private readonly StoreDatabase _database;
    private readonly StoreChanges _changes;
    private readonly StoreRegistry _registry;
    private readonly StoreWriter _writer;
    private readonly TempRoots _tempRoots;
    private readonly SessionFactory _sessions;

    /// <exception cref="DatabaseUnavailableException">The database cannot be opened.</exception>
    public DaemonHost(DaemonOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _database = new StoreDatabase(options.DatabasePath, options.StoreDirectory, options.DatabaseConnections);
        _changes = new StoreChanges(_database, TimeProvider.System);
        StoreFiles files = new(options.RealStoreDirectory, options.StoreDirectory);
        _tempRoots = new TempRoots(options.StateDirectory, options.StoreDirectory);
        _registry = new StoreRegistry(_database, files, _changes, TimeProvider.System, options.SynchroniseMetadata);
        GarbageCollector collector = new(
            _database, _registry, new GcRootFinder(_database, options.StateDirectory), options.RealStoreDirectory, options.StateDirectory);
        KeepRules keep = new(options.KeepOutputs, options.KeepDerivations);
        AutoGc automatic = new(collector, keep, options.MinFree, options.MaxFree, TimeProvider.System, logger)
        {
            ReadFree = () => new DriveInfo(options.RealStoreDirectory).AvailableFreeSpace,
        };
        _writer = new StoreWriter(options.RealStoreDirectory, _registry, options.SynchroniseStorePaths)
        {
            MakeRoomAsync = options.MinFree > 0 ? automatic.MakeRoomAsync : null,
        };
        StoreServices store = new()
        {
            Database = _database,
            Files = files,
            Derivations = new Derivations(_database, files),
            TempRoots = _tempRoots,
            Roots = new GarbageCollectorRoots(options.StateDirectory, options.StoreDirectory),
            Collector = collector,
            Logs = new BuildLogs(options.LogDirectory),
            Changes = _changes,
            PathInfos = new PathInfoCache(_database, _changes),
            PathCount = new PathCount(_database, _changes),
            Registry = _registry,
            Writer = _writer,
            Settings = SettingsOf(options, logger),
            Delegate = options.BuildDelegate is not string program ? null : BuildDelegate.For(
                program, options.StoreDirectory.Path, options.RealStoreDirectory, options.StateDirectory, options.LogDirectory),
        };
        SessionServices services = new()
        {
            Store = store,
            NixVersion = HarmoniaVersion.ForClients,
            HandshakeTimeout = options.HandshakeTimeout,
            Time = TimeProvider.System,
            Logger = logger,
        };
        _sessions = new SessionFactory(services, PolicyOf(options));
    }

    /// <summary>Serves clients on the sockets of systemd, or else on its own, until a signal ends it.</summary>
    public async Task ListenAsync()
    {
        SystemdEnvironment systemd = SystemdEnvironment.OfProcess();
        ServiceNotifier notifier = new(systemd, _logger.NotNotified);
        OpenSsl.Load();
        UserDatabase.LoadModules();
        using Shutdown shutdown = new(_options.ShutdownTimeout, TimeProvider.System);
        using ShutdownSignals signals = new(shutdown);
        int maxConnections = ConnectionLimit.Of(_options.MaxConnections, OpenFileLimit.Current);
        if (maxConnections < _options.MaxConnections)
        {
            _logger.FewerConnections(maxConnections, _options.MaxConnections, OpenFileLimit.Current);
        }

        if (Path.Exists(_options.RealStoreDirectory) && FileAccessCheck.IsOnReadOnlyFileSystem(_options.RealStoreDirectory))
        {
            bool isMeantToWrite = Libc.GetEffectiveUserId() == 0 && Capabilities.HasAny;
            _logger.StoreIsReadOnly(isMeantToWrite ? LogLevel.Warning : LogLevel.Information, _options.RealStoreDirectory);
        }

        IReadOnlyList<UnixSocketListener> listeners = OpenListeners(systemd);
        using UnixSocketServer server = new(listeners, _sessions, maxConnections, TimeProvider.System, _logger);
        _logger.Listening(
            HarmoniaVersion.Number, string.Join(", ", listeners.Select(listener => listener.Path)), _options.StoreDirectory.Path,
            _database.Access.Description);
        using Watchdog watchdog = new(systemd, notifier, silence => _logger.ThreadPoolBusy(silence.TotalSeconds));
        watchdog.Start();
        await using CancellationTokenRegistration draining = shutdown.Draining.Register(notifier.Stopping);
        using IdleHeap heap = new(TimeProvider.System, () => _database.Queries, _database.Shrink);
        Task cleaning = RemoveLeftoversAsync(shutdown.Draining);
        notifier.Ready("Serving");
        await server.RunAsync(shutdown);
        await cleaning;
        _logger.Stopped();
    }

    /// <summary>Serves the one client on standard input and output until it disconnects. A signal ends the process.</summary>
    public async Task ServeStandardStreamsAsync()
    {
        using Shutdown shutdown = new(_options.ShutdownTimeout, TimeProvider.System);
        using FileStream input = new(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        using FileStream output = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        await _sessions.ServeAsync(input, output, shutdown);
    }

    private IReadOnlyList<UnixSocketListener> OpenListeners(SystemdEnvironment systemd)
    {
        IReadOnlyList<InheritedSocket> inherited = InheritedSocket.TakeAll(systemd.SocketNames);
        foreach (InheritedSocket socket in inherited)
        {
            _logger.TookOver(socket.Name, socket.Descriptor);
        }

        return inherited.Count > 0
            ? [.. inherited.Select(UnixSocketListener.Of)]
            : [UnixSocketListener.Open(_options.SocketPath, _options.SocketMode)];
    }

    private async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(CleaningDelay, TimeProvider.System, cancellationToken);
            _writer.RemoveAbandoned(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The next start continues.
        }
        catch (SystemCallException exception) when (!exception.IsRefusal)
        {
            _logger.LeftoversRemain(exception.Message);
        }
        catch (SystemCallException)
        {
            // A daemon that only answers queries need not be able to write.
        }
    }

    private static TrustPolicy PolicyOf(DaemonOptions options) =>
        TrustPolicy.Create(options.TrustedUsers, options.AllowedUsers, options.BuildUsersGroup, Libc.GetEffectiveUserId());

    private static ConnectionSettings SettingsOf(DaemonOptions options, ILogger logger)
    {
        List<string> warnings = [];
        ConnectionSettings settings = ConnectionSettings.Of(options, warnings);
        warnings.ForEach(logger.ConfigurationWarning);
        return settings;
    }

    public void Dispose()
    {
        _sessions.Dispose();
        _tempRoots.Dispose();
        _writer.Dispose();
        _registry.Dispose();
        _changes.Dispose();
        _database.Dispose();
    }
}
