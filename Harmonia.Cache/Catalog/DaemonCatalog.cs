using Harmonia.Cache.Interop;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Asks a store daemon, and owns the connections to it. Logs once that the daemon is gone and once that it is back, however many
/// requests fail in between.
/// </summary>
public sealed class DaemonCatalog : IStoreCatalog, IAsyncDisposable
{
    // A garbage collection or a large transaction may block the database for seconds. Clients give up after 300.
    private static readonly TimeSpan LookupLimit = TimeSpan.FromSeconds(15);

    // A 503 now is better for a client than a place in a queue that does not move.
    private static readonly TimeSpan AcquireLimit = TimeSpan.FromSeconds(5);

    // The daemon may send all names: about 10 MB for 100,000 paths.
    private static readonly TimeSpan ListLimit = TimeSpan.FromMinutes(1);

    // Load balancers ask every few seconds.
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(2);

    // Nix: src/libstore/store-dir-config.cc, StoreDirConfig::parseStorePath.
    private const string NotInStore = "is not in the Nix store";

    // Every daemon can say whether this path is valid; no store has it.
    private readonly StorePath _question = StorePath.Parse("00000000000000000000000000000000-harmonia-cache");

    private readonly DaemonPool _pool;
    private readonly DaemonCatalogOptions _options;
    private readonly ILogger<DaemonCatalog> _logger;
    private readonly LookupQueue _queue;
    private volatile bool _isHarmonia;
    private int _state = (int)CatalogState.Ready;

    /// <summary>Opens no connection yet.</summary>
    public DaemonCatalog(DaemonCatalogOptions options, ILogger<DaemonCatalog> logger)
    {
        (_options, _logger) = (options, logger);
        _queue = new LookupQueue(FindAsync);
        _pool = new DaemonPool(new DaemonConnector(options.Connection), new DaemonPoolOptions
        {
            MaxConnections = options.MaxConnections,
            AcquireTimeout = AcquireLimit,
            TimeProvider = options.TimeProvider,
        });
    }

    /// <inheritdoc/>
    public async ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            ValidPathInfo? found = _isHarmonia ? await _queue.FindAsync(hash) : (await FindAsync([hash]))[0];
            Note(CatalogState.Ready, "");
            return found;
        }
        catch (Exception exception) when (StateAfter(exception) is not CatalogState.Failing and var state)
        {
            Note(state, exception.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FirstPaths> FindReferrersAsync(StorePath path, int max, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await AskAsync((client, limit) => client.QueryReferrersAsync(path, max, limit), LookupLimit)
            .WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await AskAsync((client, limit) => client.IsValidPathAsync(_question, limit), CheckLimit);
            return Note(CatalogState.Ready, "");
        }
        catch (Exception exception) when (exception is IOException or RemoteErrorException or TimeoutException)
        {
            return Note(StateAfter(exception), exception.Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> CountAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await AskAsync((client, limit) => client.CountValidPathsAsync(limit), ListLimit)
            .WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task ListAsync(Action<StorePathHash> found, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return AskAsync((client, limit) => client.ReadValidPathsAsync(found, limit), ListLimit).WaitAsync(cancellationToken);
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private Task<IReadOnlyList<ValidPathInfo?>> FindAsync(IReadOnlyList<StorePathHash> hashes) =>
        AskAsync((client, limit) => FindAsync(client, hashes, limit), LookupLimit);

    // Each connection tells which daemon answers: a restart may have replaced it.
    private async Task<IReadOnlyList<ValidPathInfo?>> FindAsync(
        DaemonClient client, IReadOnlyList<StorePathHash> hashes, CancellationToken cancellationToken)
    {
        _isHarmonia = client.HasHarmoniaCache;
        if (_isHarmonia)
            return await client.QueryPathInfosAsync(hashes, cancellationToken);
        ValidPathInfo?[] found = new ValidPathInfo?[hashes.Count];
        for (int i = 0; i < found.Length; i++)
            found[i] = await FindInTwoExchangesAsync(client, hashes[i], cancellationToken);
        return found;
    }

    private static async Task<ValidPathInfo?> FindInTwoExchangesAsync(
        DaemonClient client, StorePathHash hash, CancellationToken cancellationToken)
    {
        StorePath? path = await client.QueryPathFromHashPartAsync(hash, cancellationToken);
        if (path is null)
            return null;
        // It may have been garbage-collected meanwhile.
        UnkeyedValidPathInfo? info = await client.QueryPathInfoAsync(path, cancellationToken);
        return info is null ? null : new ValidPathInfo { Path = path, Info = info };
    }

    private Task<T> AskAsync<T>(Func<DaemonClient, CancellationToken, Task<T>> question, TimeSpan limit) =>
        DaemonQuestion.AskAsync(_pool, question, limit, _options.TimeProvider);

    private static CatalogState StateAfter(Exception exception) => exception switch
    {
        DaemonRefusedException => CatalogState.Refusing,
        DaemonUnavailableException => CatalogState.Unreachable,
        TimeoutException => CatalogState.Silent,
        RemoteErrorException or WireException when exception.Message.Contains(NotInStore, StringComparison.Ordinal) =>
            CatalogState.OtherStoreDirectory,
        _ => CatalogState.Failing,
    };

    private CatalogState Note(CatalogState state, string reason)
    {
        CatalogState before = (CatalogState)Volatile.Read(ref _state);
        if (before == state || Interlocked.CompareExchange(ref _state, (int)state, (int)before) != (int)before)
            return state;
        if (state == CatalogState.Ready)
            _logger.DaemonCanBeAskedAgain();
        else if (state == CatalogState.OtherStoreDirectory)
            _logger.DaemonServesOtherStore(_options.StoreDirectory.Path, reason);
        else if (state == CatalogState.Refusing)
            _logger.DaemonRefusesUser(ProcessUser.Name, reason);
        else
            _logger.DaemonCannotBeAsked(reason);
        return state;
    }
}
