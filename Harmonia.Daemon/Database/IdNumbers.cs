using System.Numerics;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Numbers ids from 0 in ascending order, and finds the number of an id. For ids of a table whose rows come and go, a bit tells which ids exist,
/// and each word of 64 bits how many there are before it: 16 bytes for 64 ids, so that most of it stays in the processor's cache. Ids that are
/// spread much wider are searched for.
/// </summary>
internal sealed class IdNumbers
{
    private const int WordBits = 6;

    private readonly long[] _ids;
    private readonly (ulong Bits, int Before)[] _words = [];

    /// <param name="ids">The ids in ascending order, each once. The array belongs to this object.</param>
    public IdNumbers(long[] ids)
    {
        _ids = ids;
        if (ids.Length == 0 || Distance(ids[^1]) >> WordBits > (ulong)ids.Length)
        {
            return;
        }

        _words = new (ulong, int)[(int)(Distance(ids[^1]) >> WordBits) + 1];
        foreach (long id in ids)
        {
            _words[(int)(Distance(id) >> WordBits)].Bits |= 1UL << (int)Distance(id);
        }

        for (int n = 1; n < _words.Length; n++)
        {
            _words[n].Before = _words[n - 1].Before + BitOperations.PopCount(_words[n - 1].Bits);
        }
    }

    /// <summary>The number of an id; -1 if there is no such id.</summary>
    public int Find(long id)
    {
        if (_words.Length == 0)
        {
            return Math.Max(Array.BinarySearch(_ids, id), -1);
        }

        ulong distance = Distance(id);
        if (distance >> WordBits >= (ulong)_words.Length)
        {
            return -1;
        }

        (ulong bits, int before) = _words[distance >> WordBits];
        ulong bit = 1UL << (int)distance;
        return (bits & bit) == 0 ? -1 : before + BitOperations.PopCount(bits & (bit - 1));
    }

    // Of an id before the first, it is greater than that of any other.
    private ulong Distance(long id) => unchecked((ulong)id - (ulong)_ids[0]);
}
