using System.Collections.Concurrent;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// The paths that are not served because their files are not what the database says. A path leaves when its root or its hash in the
/// database changes, as a repair does.
/// </summary>
public sealed class Quarantine(StoreFiles files, StoreFreshness freshness, CacheStatistics statistics, ILogger<Quarantine> logger)
{
    // 150 bytes each. A store with more corrupt paths is beyond help; the rest are found again at each request.
    private const int MaxCount = 16 * 1024;

    private readonly ConcurrentDictionary<StorePathHash, (NarHash Hash, TreeIdentity Identity)> _paths = new();

    /// <summary>Whether the path with this hash part was in quarantine when it was last checked. Takes no time.</summary>
    public bool IsListed(StorePathHash hash) => _paths.ContainsKey(hash);

    /// <summary>Puts a path into quarantine.</summary>
    /// <param name="path">The path as the database has it.</param>
    /// <param name="identity">The identity of its root when it was read.</param>
    /// <param name="actual">The hash of the NAR of its files.</param>
    public CorruptNarException Add(ValidPathInfo path, TreeIdentity identity, NarHash actual)
    {
        logger.NarCorrupt(
            path.Path.BaseName, actual.ToPrefixedBase32(), path.Info.NarHash.ToPrefixedBase32());
        if (_paths.Count < MaxCount)
            _paths[path.Path.Hash] = (path.Info.NarHash, identity);
        statistics.Quarantine = _paths.Count;
        // Whatever is remembered of it is forgotten, so that each request for it is checked.
        freshness.Changed([path.Path.Hash]);
        return new CorruptNarException(path.Path, path.Info.NarHash, actual);
    }

    /// <summary>The path, or null while it is in quarantine. Checks the root of a path that is listed.</summary>
    public ValidPathInfo? Filter(ValidPathInfo? path)
    {
        if (path is null || !Contains(path))
            return path;
        logger.PathOutOfService(path.Path.BaseName);
        return null;
    }

    private bool Contains(ValidPathInfo path)
    {
        if (!_paths.TryGetValue(path.Path.Hash, out (NarHash Hash, TreeIdentity Identity) corrupt))
            return false;
        if (corrupt.Hash == path.Info.NarHash && corrupt.Identity == IdentityOf(path.Path))
            return true;
        if (_paths.TryRemove(KeyValuePair.Create(path.Path.Hash, corrupt)))
            logger.NarRepaired(path.Path.BaseName);
        statistics.Quarantine = _paths.Count;
        return false;
    }

    private TreeIdentity? IdentityOf(StorePath path)
    {
        try
        {
            return TreeIdentity.Of(files.NameOf(path));
        }
        catch (IOException)
        {
            // Gone, perhaps during a repair. Requests for its files will see.
            return null;
        }
    }
}
