using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Caches the metadata of paths until the database changes, because clients often query the same paths repeatedly. A query of the database
/// takes ten times as long.
/// </summary>
internal sealed class PathInfoCache(StoreDatabase database, StoreChanges changes)
{
    /// <summary>The maximum number of paths, including references: about 10 MB.</summary>
    private const int Capacity = 64 << 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<StorePath, UnkeyedValidPathInfo?> _answers = [];
    private ulong _generation;
    private int _size;

    /// <summary>The current generation of the database, from <see cref="StoreChanges.Look"/>.</summary>
    public ulong Look() => changes.Look();

    /// <summary>The metadata of a path in this generation of the database or a later one; null if the path is not valid.</summary>
    public UnkeyedValidPathInfo? Find(StorePath path, ulong generation)
    {
        lock (_gate)
        {
            if (generation > _generation)
            {
                Clear();
                _generation = generation;
            }

            if (generation == _generation && _answers.TryGetValue(path, out UnkeyedValidPathInfo? known))
            {
                return known;
            }
        }

        UnkeyedValidPathInfo? answer = database.QueryPathInfo(path);
        Keep(path, answer, generation);
        return answer;
    }

    private void Keep(StorePath path, UnkeyedValidPathInfo? answer, ulong generation)
    {
        int size = 1 + (answer?.References.Count ?? 0);
        lock (_gate)
        {
            // An answer that was read in the meantime may be newer than the generation, but never older.
            if (generation != _generation || size > Capacity)
            {
                return;
            }

            if (_size + size > Capacity)
            {
                Clear();
            }

            if (_answers.TryAdd(path, answer))
            {
                _size += size;
            }
        }
    }

    private void Clear()
    {
        _answers.Clear();
        _size = 0;
    }
}
