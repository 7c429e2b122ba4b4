namespace Harmonia.Cache.Catalog;

/// <summary>
/// Names by number: of store paths and of keys. Most of a store's paths are referred to by several others, so records hold numbers. It only
/// grows, up to a limit; names beyond it have no number. Any thread may read; only objects without references are kept, which the garbage
/// collector does not walk.
/// </summary>
/// <param name="capacity">How many bytes the names and their places may take.</param>
public sealed class NameTable(long capacity)
{
    // A byte has the length.
    private const int MaxLength = byte.MaxValue;
    private const int ChunkLength = 64 * 1024;
    private const int MinPlaces = 1024;

    // What a name takes in the arrays below, between 3/8 and 3/4 of the places being taken.
    private const int Overhead = 16;

    private readonly Lock _lock = new();

    // Each name is behind its length, in one chunk. They are replaced when they grow, and a number is given out after the name is there.
    private byte[][] _chunks = [];
    private int[] _starts = [];
    private int[] _places = [];
    private int _count;
    private int _end = ChunkLength;

    /// <summary>The memory that the names take, in bytes.</summary>
    public long Bytes => (long)_chunks.Length * ChunkLength + (long)_starts.Length * sizeof(int) + (long)_places.Length * sizeof(int);

    /// <summary>The number of a name; -1 if it is too long, or if there is no room for it.</summary>
    public int NumberOf(ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxLength)
            return -1;
        lock (_lock)
        {
            if (_places.Length == 0 || (_count + 1) * 4L > _places.Length * 3L)
            {
                if (Bytes + ChunkLength + (_count + MinPlaces) * (long)Overhead > capacity)
                    return Find(name, out _);
                Grow();
            }

            int known = Find(name, out int place);
            return known >= 0 ? known : Add(name, place);
        }
    }

    /// <summary>The name with a number.</summary>
    public ReadOnlySpan<byte> this[int number]
    {
        get
        {
            int start = Volatile.Read(ref _starts)[number];
            byte[] chunk = Volatile.Read(ref _chunks)[start / ChunkLength];
            int at = start % ChunkLength;
            return chunk.AsSpan(at + 1, chunk[at]);
        }
    }

    private static uint HashOf(ReadOnlySpan<byte> name)
    {
        HashCode hash = default;
        hash.AddBytes(name);
        return (uint)hash.ToHashCode();
    }

    // A place holds a number plus 1.
    private int Find(ReadOnlySpan<byte> name, out int place)
    {
        place = -1;
        if (_places.Length == 0)
            return -1;
        int mask = _places.Length - 1;
        for (place = (int)HashOf(name) & mask; _places[place] != 0; place = (place + 1) & mask)
        {
            if (this[_places[place] - 1].SequenceEqual(name))
                return _places[place] - 1;
        }

        return -1;
    }

    private int Add(ReadOnlySpan<byte> name, int place)
    {
        if (_end + 1 + name.Length > ChunkLength)
        {
            if (Bytes + ChunkLength > capacity)
                return -1;
            Volatile.Write(ref _chunks, [.. _chunks, new byte[ChunkLength]]);
            _end = 0;
        }

        byte[] chunk = _chunks[^1];
        chunk[_end] = (byte)name.Length;
        name.CopyTo(chunk.AsSpan(_end + 1));
        if (_count == _starts.Length)
        {
            int[] starts = _starts;
            Array.Resize(ref starts, Math.Max(MinPlaces, 2 * _count));
            Volatile.Write(ref _starts, starts);
        }

        _starts[_count] = (_chunks.Length - 1) * ChunkLength + _end;
        _end += 1 + name.Length;
        _places[place] = ++_count;
        return _count - 1;
    }

    private void Grow()
    {
        int[] before = _places;
        _places = new int[Math.Max(MinPlaces, 2 * before.Length)];
        foreach (int entry in before)
        {
            if (entry == 0)
                continue;
            Find(this[entry - 1], out int place);
            _places[place] = entry;
        }
    }
}
