using System.Collections.Concurrent;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// The paths that are out of service because their files are not what the database says. Each stays so until its root or its hash in
/// the database is another one, as after a repair.
/// </summary>
public sealed class Quarantine(StoreFiles files, CacheStatistics statistics, ILogger<Quarantine> logger)
{
    // 150 bytes each. A store that has more is beyond help; those left out are found out again whenever they are asked for.
    private const int MaxCount = 16 * 1024;

    private readonly ConcurrentDictionary<StorePathHash, (NarHash Hash, TreeIdentity Identity)> _paths = new();

    /// <summary>Whether there is none, which is quickly told.</summary>
    public bool IsEmpty => _paths.IsEmpty;

    /// <summary>Whether the path with this hash part was out of service when it was last looked at, which is quickly told.</summary>
    public bool IsListed(StorePathHash hash) => _paths.ContainsKey(hash);

    /// <summary>Takes a path out of service.</summary>
    /// <param name="path">As the database has it.</param>
    /// <param name="identity">Of its root when it was read.</param>
    /// <param name="actual">The hash of the NAR that its files make.</param>
    public CorruptNarException Add(ValidPathInfo path, TreeIdentity identity, NarHash actual)
    {
        logger.NarCorrupt(
            path.Path.BaseName, actual.ToPrefixedBase32(), path.Info.NarHash.ToPrefixedBase32());
        if (_paths.Count < MaxCount)
            _paths[path.Path.Hash] = (path.Info.NarHash, identity);
        statistics.Quarantine = _paths.Count;
        return new CorruptNarException(path.Path, path.Info.NarHash, actual);
    }

    /// <summary>Whether a path is out of service. It looks at the root of one that was.</summary>
    public bool Contains(ValidPathInfo path)
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
            // Gone, perhaps on the way to be repaired; who asks for its files will see.
            return null;
        }
    }
}
