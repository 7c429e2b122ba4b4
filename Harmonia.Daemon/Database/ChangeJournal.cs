using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>
/// The paths that the latest changes of the database concerned: a ring with a fixed number of them, 32 bytes each, which exists from the
/// first change on. For one thread at a time.
/// </summary>
/// <param name="capacity">How many paths it remembers.</param>
internal sealed class ChangeJournal(int capacity)
{
    private (ulong Generation, StorePathHash HashPart)[] _ring = [];
    private ulong _knownSince;
    private int _next;
    private int _count;

    /// <summary>Records a change that nobody can describe: whoever knows only an earlier generation learns nothing from here.</summary>
    public void Forget(ulong generation)
    {
        _count = 0;
        _knownSince = generation;
    }

    /// <summary>Records what a change concerned.</summary>
    /// <param name="generation">The generation after the change; greater than every earlier one.</param>
    /// <param name="hashParts">The hash parts of the paths.</param>
    public void Add(ulong generation, IReadOnlyCollection<StorePathHash> hashParts)
    {
        if (hashParts.Count > capacity)
        {
            Forget(generation);
            return;
        }

        if (_ring.Length == 0)
        {
            _ring = new (ulong, StorePathHash)[capacity];
        }

        foreach (StorePathHash hashPart in hashParts)
        {
            if (_count == capacity)
            {
                _knownSince = _ring[_next].Generation;
                _count--;
            }

            _ring[_next] = (generation, hashPart);
            _next = (_next + 1) % capacity;
            _count++;
        }
    }

    /// <summary>The hash parts of the paths that changed after a generation, each once; null if that is no longer known.</summary>
    public IReadOnlyList<StorePathHash>? Since(ulong generation)
    {
        if (generation < _knownSince)
        {
            return null;
        }

        HashSet<StorePathHash> changed = [];
        for (int age = 1; age <= _count; age++)
        {
            (ulong changedAt, StorePathHash hashPart) = _ring[(_next - age + capacity) % capacity];
            if (changedAt <= generation)
            {
                break;
            }

            changed.Add(hashPart);
        }

        return [.. changed];
    }
}
