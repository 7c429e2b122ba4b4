using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>What the cache asks about the store. Answered by a daemon; by memory in tests.</summary>
public interface IStoreCatalog
{
    /// <summary>The valid path with this hash part, or null. Fails with the exceptions of the daemon's client.</summary>
    ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken);

    /// <summary>Whether lookups would be answered now. Never fails but by cancellation.</summary>
    ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken);

    /// <summary>How many paths are valid: a question that may take seconds. Fails with the exceptions of the daemon's client.</summary>
    ValueTask<int> CountAsync(CancellationToken cancellationToken);
}
