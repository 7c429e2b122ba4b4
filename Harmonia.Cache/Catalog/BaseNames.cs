using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Base names of store paths by number, so that a reference takes three bytes: most paths are referred to by several others. Names of signing
/// keys have numbers too. It only grows, up to a limit; what comes later has no number. <see cref="CachingCatalog"/> replaces it when most
/// of its names may be unused. Writers take a lock, readers do not; the garbage collector does not walk its arrays.
/// </summary>
/// <param name="capacity">How many bytes it may take.</param>
/// <param name="isOdd">Whether it is one of every other table: records tell the numbers of a table from those of the next one.</param>
public sealed class BaseNames(long capacity, bool isOdd = false)
{
    /// <summary>The number that no name has.</summary>
    public const int None = 0;

    /// <summary>How many bytes a number takes in a record.</summary>
    public const int NumberLength = 3;

    private const int NumberBits = 8 * NumberLength;
    private const int NumberMask = (1 << NumberBits) - 1;

    // A number is a position in units, which costs an entry four bytes on average, and no array of positions is needed. 128 MiB is the end.
    private const int Unit = 8;
    private const int ChunkLength = 64 * 1024;
    private const int NumbersInChunk = ChunkLength / Unit;
    private const int MaxChunks = (1 << NumberBits) / NumbersInChunk;

    // An entry is the hash part, the length of the name in a byte, and the name.
    private const int NameStart = StorePathHash.ByteLength + 1;
    private const int MaxName = byte.MaxValue;

    // A place is a number below eight bits of the hash code. So an entry of another path is read only once in 256 times.
    private const int MinPlaces = 1024;

    private readonly Lock _lock = new();

    // A number is given out after its chunk is there.
    private readonly byte[][] _chunks = new byte[Math.Clamp(capacity / ChunkLength, 0, MaxChunks)][];
    private uint[] _places = [];
    private int _chunkCount;
    private int _count;
    private int _next = 1;
    private long _bytes;
    private volatile bool _isFull;

    /// <summary>How many bytes it may take.</summary>
    public long Capacity => capacity;

    /// <summary>Whether it is one of every other table.</summary>
    public bool IsOdd => isOdd;

    /// <summary>The memory it takes, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether there was no room for a name.</summary>
    public bool IsFull => _isFull;

    /// <summary>The number of a path; <see cref="None"/> if there is no room for it.</summary>
    public int NumberOf(StorePathHash hash, ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxName)
            return None;
        uint code = (uint)hash.GetHashCode();
        lock (_lock)
        {
            int known = Find(code, hash, name, out int place);
            return known != None ? known : Add(code, hash, name, place);
        }
    }

    /// <summary>The number of a path; <see cref="None"/> if it has none yet.</summary>
    public int Find(StorePathHash hash, ReadOnlySpan<byte> name)
    {
        lock (_lock)
            return Find((uint)hash.GetHashCode(), hash, name, out _);
    }

    /// <summary>The number of a name that is not that of a path; <see cref="None"/> if there is no room for it.</summary>
    public int NumberOf(ReadOnlySpan<byte> name) => NumberOf(HashOf(name), name);

    /// <summary>The base name with a number.</summary>
    /// <param name="number">Not <see cref="None"/>.</param>
    /// <param name="hash">The hash part.</param>
    /// <param name="name">What follows the dash.</param>
    public void Read(int number, out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> entry = EntryOf(number);
        hash = entry[..StorePathHash.ByteLength];
        name = entry.Slice(NameStart, entry[StorePathHash.ByteLength]);
    }

    /// <summary>The number at the beginning of some bytes.</summary>
    public static int NumberAt(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    /// <summary>Writes a number to the beginning of some bytes.</summary>
    public static void PutNumber(Span<byte> bytes, int number)
    {
        bytes[0] = (byte)number;
        bytes[1] = (byte)(number >> 8);
        bytes[2] = (byte)(number >> 16);
    }

    // So that names of keys do not follow each other in the places.
    private static StorePathHash HashOf(ReadOnlySpan<byte> name)
    {
        HashCode code = default;
        code.AddBytes(name);
        Span<byte> bytes = stackalloc byte[StorePathHash.ByteLength];
        bytes.Clear();
        BitConverter.TryWriteBytes(bytes, code.ToHashCode());
        return StorePathHash.FromBytes(bytes);
    }

    private static uint PlaceOf(uint code, int number) => (code & ~(uint)NumberMask) | (uint)number;

    private ReadOnlySpan<byte> EntryOf(int number) => _chunks[number / NumbersInChunk].AsSpan(number % NumbersInChunk * Unit);

    private int Find(uint code, StorePathHash hash, ReadOnlySpan<byte> name, out int place)
    {
        place = -1;
        if (_places.Length == 0)
            return None;
        int mask = _places.Length - 1;
        for (place = (int)(code & mask); _places[place] is var entry && entry != 0; place = (place + 1) & mask)
        {
            if (((entry ^ code) >> NumberBits) != 0)
                continue;
            int number = (int)(entry & NumberMask);
            Read(number, out ReadOnlySpan<byte> otherHash, out ReadOnlySpan<byte> otherName);
            if (StorePathHash.FromBytes(otherHash) == hash && otherName.SequenceEqual(name))
                return number;
        }

        return None;
    }

    private int Add(uint code, StorePathHash hash, ReadOnlySpan<byte> name, int place)
    {
        if ((_count + 1) * 4L > _places.Length * 3L)
        {
            if (!TryGrow())
                return None;
            Find(code, hash, name, out place);
        }

        int length = (NameStart + name.Length + Unit - 1) / Unit;
        if (_chunkCount == 0 || _next + length > _chunkCount * NumbersInChunk)
        {
            if (_chunkCount == _chunks.Length || _bytes + ChunkLength > capacity)
            {
                _isFull = true;
                return None;
            }

            _next = Math.Max(1, _chunkCount * NumbersInChunk);
            _chunks[_chunkCount++] = new byte[ChunkLength];
            Interlocked.Add(ref _bytes, ChunkLength);
        }

        int number = _next;
        _next += length;
        Span<byte> entry = _chunks[number / NumbersInChunk].AsSpan(number % NumbersInChunk * Unit);
        hash.CopyTo(entry);
        entry[StorePathHash.ByteLength] = (byte)name.Length;
        name.CopyTo(entry[NameStart..]);
        _places[place] = PlaceOf(code, number);
        _count++;
        return number;
    }

    private bool TryGrow()
    {
        uint[] before = _places;
        int length = Math.Max(MinPlaces, 2 * before.Length);
        if (_chunks.Length == 0 || _bytes + (length - before.Length) * (long)sizeof(uint) > capacity)
        {
            _isFull = true;
            return false;
        }

        _places = new uint[length];
        Interlocked.Add(ref _bytes, (length - before.Length) * sizeof(uint));
        foreach (uint entry in before)
        {
            if (entry == 0)
                continue;
            Read((int)(entry & NumberMask), out ReadOnlySpan<byte> hash, out _);
            uint place = (uint)StorePathHash.FromBytes(hash).GetHashCode() & (uint)(length - 1);
            while (_places[place] != 0)
                place = (place + 1) & (uint)(length - 1);
            _places[place] = entry;
        }

        return true;
    }
}
