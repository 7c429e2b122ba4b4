using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>The cache's questions about the store. A daemon answers them; in tests, memory does.</summary>
public interface IStoreCatalog
{
    /// <summary>The valid path with this hash part, or null. Fails with the exceptions of the daemon's client.</summary>
    ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken);

    /// <summary>The valid paths that refer to a path. Fails with the exceptions of the daemon's client.</summary>
    /// <param name="path">The path.</param>
    /// <param name="max">How many of them are kept; the others are counted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<FirstPaths> FindReferrersAsync(StorePath path, int max, CancellationToken cancellationToken);

    /// <summary>Whether lookups would succeed now. Fails only by cancellation.</summary>
    ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken);

    /// <summary>How many paths are valid. May take seconds. Fails with the exceptions of the daemon's client.</summary>
    ValueTask<int> CountAsync(CancellationToken cancellationToken);

    /// <summary>Tells the hash parts of all valid paths, one at a time. May take seconds. Fails with the exceptions of the daemon's client.</summary>
    Task ListAsync(Action<StorePathHash> found, CancellationToken cancellationToken);
}
