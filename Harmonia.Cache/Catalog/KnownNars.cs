using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// The paths of the NARs in recent narinfos, since no daemon finds a path by the hash of its NAR. Thread-safe.
/// </summary>
/// <param name="capacity">The minimum number of NAR hashes to keep; at most twice as many are kept, about 100 bytes each.</param>
public sealed class KnownNars(int capacity = 65_536)
{
    private readonly Lock _lock = new();

    // When the newer generation is full, the older one is dropped as a whole: entries still in use have moved up by then.
    private Dictionary<NarHash, StorePathHash> _newer = [];
    private Dictionary<NarHash, StorePathHash> _older = [];

    /// <summary>Records the path of a NAR. Of several paths with the same NAR the last one stays; each would do.</summary>
    public void Add(NarHash nar, StorePathHash path)
    {
        lock (_lock)
        {
            if (_newer.Count >= capacity && !_newer.ContainsKey(nar))
                (_newer, _older) = ([], _newer);
            _newer[nar] = path;
        }
    }

    /// <summary>A path that has this NAR.</summary>
    public bool TryFind(NarHash nar, out StorePathHash path)
    {
        lock (_lock)
        {
            if (_newer.TryGetValue(nar, out path))
                return true;
            if (!_older.TryGetValue(nar, out path))
                return false;
        }

        Add(nar, path);
        return true;
    }
}
