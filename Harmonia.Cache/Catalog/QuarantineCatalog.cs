using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>Another catalog without the paths that are out of service.</summary>
public sealed class QuarantineCatalog(IStoreCatalog origin, Quarantine corrupt, ILogger<QuarantineCatalog> logger) : IStoreCatalog
{
    /// <inheritdoc/>
    public ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken) =>
        corrupt.IsEmpty ? origin.FindAsync(hash, cancellationToken) : FindHealthyAsync(hash, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => origin.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(CancellationToken cancellationToken) => origin.CountAsync(cancellationToken);

    private async ValueTask<ValidPathInfo?> FindHealthyAsync(StorePathHash hash, CancellationToken cancellationToken)
    {
        ValidPathInfo? path = await origin.FindAsync(hash, cancellationToken);
        if (path is null || !corrupt.Contains(path))
            return path;
        logger.PathOutOfService(path.Path.BaseName);
        return null;
    }
}
