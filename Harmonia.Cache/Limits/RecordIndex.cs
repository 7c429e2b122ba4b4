using Harmonia.Cache.Interop;

namespace Harmonia.Cache.Limits;

/// <summary>
/// A hash table from hash codes to positions, in unmanaged memory, eight bytes for a place. Open addressing with linear probing; removal
/// moves later entries up, so that there are no marks of removed ones. Not thread-safe.
/// </summary>
internal sealed unsafe class RecordIndex : IDisposable
{
    private const int MinPlaces = 512;

    // Between 3/8 and 3/4 of the places are taken.
    private const int FullNumerator = 3;
    private const int FullDenominator = 4;

    private ulong* _places;
    private uint _mask;
    private int _count;

    /// <summary>The memory it takes, in bytes.</summary>
    public long Bytes => _places is null ? 0 : SizeOf(_mask + 1);

    /// <summary>The number of entries.</summary>
    public int Count => _count;

    /// <summary>How many bytes more it takes once it has one entry more.</summary>
    public long Growth => _places is null ? SizeOf(MinPlaces) : IsFull ? SizeOf(_mask + 1) : 0;

    private bool IsFull => (long)(_count + 1) * FullDenominator > (long)(_mask + 1) * FullNumerator;

    /// <summary>Finds an entry with a hash code. Others with the same code follow at later places.</summary>
    /// <param name="hash">The hash code.</param>
    /// <param name="place">Where to begin, at first at the hash code; then where the entry is.</param>
    /// <param name="position">The position of the entry.</param>
    public bool Find(uint hash, ref uint place, out uint position)
    {
        position = 0;
        if (_places is null)
            return false;
        for (place &= _mask; _places[place] is var entry && entry != 0; place = (place + 1) & _mask)
        {
            if ((uint)(entry >> 32) != hash)
                continue;
            position = (uint)entry - 1;
            return true;
        }

        return false;
    }

    /// <summary>Adds an entry. False if there is no memory.</summary>
    public bool TryAdd(uint hash, uint position)
    {
        if ((_places is null || IsFull) && !TryGrow())
            return false;
        Put(_places, _mask, Entry(hash, position));
        _count++;
        return true;
    }

    /// <summary>Changes the position at a place.</summary>
    public void Move(uint place, uint position) => _places[place] = Entry((uint)(_places[place] >> 32), position);

    /// <summary>Removes the entry at a place.</summary>
    public void Remove(uint place)
    {
        uint free = place;
        for (uint next = (place + 1) & _mask; _places[next] is var entry && entry != 0; next = (next + 1) & _mask)
        {
            // An entry may not move before the place that its hash code begins at.
            uint home = (uint)(entry >> 32) & _mask;
            if (((next - home) & _mask) < ((next - free) & _mask))
                continue;
            _places[free] = entry;
            free = next;
        }

        _places[free] = 0;
        _count--;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_places is not null)
            Libc.UnmapMemory((nint)_places, (nuint)Bytes);
        _places = null;
        (_mask, _count) = (0, 0);
    }

    private static long SizeOf(uint places) => (long)places * sizeof(ulong);

    // Zero is a free place, so positions count from 1.
    private static ulong Entry(uint hash, uint position) => ((ulong)hash << 32) | (position + 1);

    private static void Put(ulong* places, uint mask, ulong entry)
    {
        uint place = (uint)(entry >> 32) & mask;
        while (places[place] != 0)
            place = (place + 1) & mask;
        places[place] = entry;
    }

    private bool TryGrow()
    {
        uint places = _places is null ? MinPlaces : 2 * (_mask + 1);
        ulong* grown = (ulong*)Libc.MapMemory((nuint)SizeOf(places));
        if ((nint)grown == -1)
            return false;
        for (uint place = 0; _places is not null && place <= _mask; place++)
        {
            if (_places[place] != 0)
                Put(grown, places - 1, _places[place]);
        }

        int count = _count;
        Dispose();
        _places = grown;
        (_mask, _count) = (places - 1, count);
        return true;
    }
}
