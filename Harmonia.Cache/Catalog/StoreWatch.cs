using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Learns the changes of the database from harmonia-daemon, on its own connection, as long as the cache runs. Other daemons announce
/// none: then only the age of answers counts. Owns the task that waits.
/// </summary>
public sealed class StoreWatch : IAsyncDisposable
{
    // An answer at least this often shows that the daemon is alive: several within the maximum age of one second.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(250);

    // During hundreds of commits per second every question would be answered at once. The daemon checks only twice as often while it
    // waits, so this pause delays no announcement.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    // The connection to a daemon that is silent for this long is closed.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    // nix-daemon may be replaced by ours without a restart of the cache. Each attempt costs nix-daemon a process.
    private static readonly TimeSpan PauseWithoutFeature = TimeSpan.FromMinutes(1);

    private readonly DaemonConnector _connector;
    private readonly StoreFreshness _freshness;
    private readonly TimeProvider _time;
    private readonly CacheStatistics _statistics;
    private readonly ILogger<StoreWatch> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private TimeSpan _pause = FirstPause;

    // What the daemon announced last, if that holds on its next connection too. Another daemon does not know this number.
    private ulong _lastGeneration;

    /// <summary>Starts to watch.</summary>
    public StoreWatch(DaemonCatalogOptions options, StoreFreshness freshness, CacheStatistics statistics, ILogger<StoreWatch> logger)
    {
        (_connector, _time) = (new DaemonConnector(options.Connection), options.TimeProvider);
        (_freshness, _statistics, _logger) = (freshness, statistics, logger);
        _running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using DaemonClient client = await _connector.ConnectAsync(_stopping.Token);
                if (client.HasHarmoniaCache)
                    await WatchAsync(client);
                _pause = PauseWithoutFeature;
            }
            catch (Exception exception) when (exception is IOException or RemoteErrorException or OperationCanceledException)
            {
                Lost(exception.Message);
            }

            await PauseAsync(_pause);
            _pause = _pause < MaxPause ? 2 * _pause : MaxPause;
        }
    }

    /// <summary>Ends only with an exception.</summary>
    private async Task WatchAsync(DaemonClient client)
    {
        ulong generation = client.HasHarmoniaChanges ? _lastGeneration : 0;
        while (true)
        {
            long asked = _time.GetTimestamp();
            StoreChange change = await AskAsync(client, generation);
            bool isNews = change.Generation != generation || change.HashParts is null;
            // Nothing announced the changes before the first connection.
            if (isNews)
                _freshness.Changed(generation == 0 ? null : change.HashParts);
            // Changes first: without them, completeness would let the answers for changed paths hold.
            _freshness.CompleteUntil(asked);
            generation = change.Generation;
            if (client.HasHarmoniaChanges)
                _lastGeneration = generation;
            _pause = FirstPause;
            if (!_statistics.IsWatched)
                _logger.ChangesAnnounced();
            _statistics.IsWatched = true;
            if (isNews)
                await Task.Delay(Settling, _time, _stopping.Token);
        }
    }

    private async Task<StoreChange> AskAsync(DaemonClient client, ulong generation)
    {
        using CancellationTokenSource limit = new(Silence, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        return await client.AwaitStoreChangeAsync(generation, Heartbeat, either.Token);
    }

    private void Lost(string reason)
    {
        if (_statistics.IsWatched && !_stopping.IsCancellationRequested)
            _logger.ChangesNotAnnounced(reason);
        _statistics.IsWatched = false;
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, _time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The cache is stopping.
        }
    }
}
