using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>
/// What was asked of the database before, and holds as long as nobody has changed it: clients ask for the same paths again and again.
/// A lookup in the database is ten times as long.
/// </summary>
internal sealed class PathInfoCache(StoreDatabase database, StoreChanges changes)
{
    /// <summary>How many paths are kept, those among the references counted: some 10 MB.</summary>
    private const int Capacity = 64 << 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<StorePath, UnkeyedValidPathInfo?> _answers = [];
    private ulong _generation;
    private int _size;

    /// <summary>The generation of the database, as <see cref="StoreChanges.Look"/> has it.</summary>
    public ulong Look() => changes.Look();

    /// <summary>What the store knows of a path: in that generation of the database, or in a later one. Null when it is not valid.</summary>
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
            // What was read since may be newer than the generation, never older.
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
