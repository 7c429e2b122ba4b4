using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Asks a store daemon. Nix up to 2.34 identifies outputs by hash, Nix from 2.35 on by path. harmonia-daemon knows both forms, but one
/// per connection. The first question opens the connections.
/// </summary>
public sealed class DaemonRealisations : IRealisationCatalog, IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private readonly DaemonPool _newest;
    private readonly DaemonPool _byHash;
    private readonly TimeProvider _time;
    private readonly ILogger<DaemonRealisations> _logger;
    private long _silentUntil;

    /// <summary>Opens no connection yet.</summary>
    public DaemonRealisations(DaemonCatalogOptions options, ILogger<DaemonRealisations> logger)
    {
        (_time, _logger) = (options.TimeProvider, logger);
        _newest = Pool(options.Connection);
        _byHash = Pool(options.Connection with { OutputsByHash = true });
    }

    /// <inheritdoc/>
    public async Task<Realisation?> FindAsync(DrvOutput output, CancellationToken cancellationToken)
    {
        (Realisation? found, bool hasBoth) = await AskAsync(
            _newest,
            async (client, limit) => (
                client.HasRealisations ? await client.QueryRealisationAsync(output, limit) : null,
                client is { HasBuildTrace: true, HasHarmoniaCache: true }),
            cancellationToken);
        return hasBoth
            ? await AskAsync(_byHash, (client, limit) => client.QueryRealisationAsync(output, limit), cancellationToken)
            : found;
    }

    /// <inheritdoc/>
    public Task<UnkeyedRealisation?> FindAsync(BuildTraceKey output, CancellationToken cancellationToken) => AskAsync(
        _newest,
        async (client, limit) => client.HasBuildTrace ? await client.QueryRealisationAsync(output, limit) : null,
        cancellationToken);

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _newest.DisposeAsync();
        await _byHash.DisposeAsync();
    }

    private static DaemonPool Pool(DaemonConnectorOptions daemon) => new(
        new DaemonConnector(daemon), new DaemonPoolOptions { MaxConnections = 1, TimeProvider = daemon.TimeProvider });

    private async Task<T?> AskAsync<T>(
        DaemonPool pool, Func<DaemonClient, CancellationToken, Task<T>> question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_time.GetUtcNow().Ticks < Volatile.Read(ref _silentUntil))
            return default;
        try
        {
            return await DaemonQuestion.AskAsync(pool, question, Limit, _time);
        }
        catch (WireException exception)
        {
            // Without ca-derivations, nix-daemon up to 2.33 fails an assertion at this question, and would dump core each time.
            Volatile.Write(ref _silentUntil, (_time.GetUtcNow() + Pause).Ticks);
            _logger.RealisationsNotAsked(Pause.TotalMinutes, exception.Message);
            return default;
        }
    }
}
