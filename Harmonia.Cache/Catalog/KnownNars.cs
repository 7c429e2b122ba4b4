using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Which paths had the NARs that were told of last, since no daemon finds a path by the hash of its NAR. Any thread may ask and add.
/// </summary>
/// <param name="capacity">How many hashes of NARs are kept at least; twice as many at most, some 100 bytes each.</param>
public sealed class KnownNars(int capacity = 65_536)
{
    private readonly Lock _lock = new();

    // When the newer ones are enough, the older ones are dropped all at once: what is still asked for has moved up by then.
    private Dictionary<NarHash, StorePathHash> _newer = [];
    private Dictionary<NarHash, StorePathHash> _older = [];

    /// <summary>Notes the path of a NAR. Of several paths with the same NAR the last stays, and each is as good.</summary>
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
