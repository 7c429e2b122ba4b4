using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harmonia.Cache.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Limits;

/// <summary>A part of a <see cref="RecordCache"/>. All of its methods take the lock; <see cref="Read"/> only tries to.</summary>
/// <param name="capacity">How many bytes it may take.</param>
internal sealed unsafe class RecordShard(long capacity) : IDisposable
{
    private const int MinSegment = 4 * 1024;
    private const int MaxSegment = 256 * 1024;

    // At most four fifths of the places are taken, and each time a quarter is added, in pages: 10 to 13 bytes for a record.
    private const uint PlacesInPage = 512;
    private const uint GrowthDivisor = 4;

    // Positions count words, so that 32 bits reach far.
    private const int Word = sizeof(uint);
    private const uint UsedMark = 1u << 31;

    // Whoever holds the lock copies a record, or tidies up a few segments, some 100 µs for each. Only a larger index and a change of all
    // records take longer, and the kernel may take the processor away.
    private const int MaxSpins = 100;

    // If all records were used, tidying up makes no room in any segment. Then the oldest goes as a whole.
    private const int MaxRecycled = 4;

    private readonly int _segmentLength = (int)Math.Clamp(capacity / 4, MinSegment, MaxSegment) / Word * Word;
    private readonly List<Segment> _segments = [];
    private readonly Queue<int> _order = new();

    // The index: a hash table from hash codes to positions, eight bytes for a place. Linear probing; removal moves later entries up, so that
    // there are no marks of removed ones.
    private ulong* _places;
    private uint _placeCount;
    private long _indexBytes;
    private int _count;

    private int _active = -1;
    private long _mapped;
    private long _added;
    private long _evictions;

    public Lock Lock { get; } = new();

    public long Bytes => Interlocked.Read(ref _mapped) + Interlocked.Read(ref _indexBytes);

    public int Count => Volatile.Read(ref _count);

    public long Gone => Interlocked.Read(ref _added) - Count;

    public long Evictions => Interlocked.Read(ref _evictions);

    /// <inheritdoc cref="RecordCache.Read"/>
    public int Read(StorePathHash key, Span<byte> destination, out ulong stamp)
    {
        stamp = default;
        SpinWait spinner = default;
        while (!Lock.TryEnter())
        {
            if (spinner.Count == MaxSpins)
                return -1;
            spinner.SpinOnce(sleep1Threshold: -1);
        }

        try
        {
            if (!TryFind(key, out _, out uint position))
                return -1;
            Header* header = At(position);
            if ((header->Length & UsedMark) == 0)
                header->Length |= UsedMark;
            stamp = header->Stamp;
            ReadOnlySpan<byte> record = RecordOf(header);
            if (record.Length <= destination.Length)
                record.CopyTo(destination);
            return record.Length;
        }
        finally
        {
            Lock.Exit();
        }
    }

    /// <inheritdoc cref="RecordCache.Set"/>
    public void Set(StorePathHash key, ReadOnlySpan<byte> record, ulong stamp)
    {
        lock (Lock)
        {
            uint used = 0;
            if (TryFind(key, out uint place, out uint position))
            {
                Header* header = At(position);
                if (RecordOf(header).Length == record.Length)
                {
                    header->Stamp = stamp;
                    record.CopyTo(RecordOf(header));
                    return;
                }

                used = header->Length & UsedMark;
                Unlink(place);
            }

            int length = LengthOf(record.Length);
            if (!TryMakeRoom(length) || !TryLink(HashOf(key), position = PositionOf(_active, _segments[_active].End)))
                return;
            Header* added = At(position);
            key.CopyTo(added->Key);
            added->Length = (uint)record.Length | used;
            added->Stamp = stamp;
            record.CopyTo(RecordOf(added));
            Grow(_active, length);
            _added++;
            // The index may have grown.
            while (_mapped + _indexBytes > capacity && _order.Count > 1)
                Release(TakeOldest(keepsUsed: false));
        }
    }

    /// <inheritdoc cref="RecordCache.Remove"/>
    public void Remove(StorePathHash key)
    {
        lock (Lock)
        {
            if (TryFind(key, out uint place, out _))
                Unlink(place);
        }
    }

    /// <inheritdoc cref="RecordCache.Shrink"/>
    public void Shrink()
    {
        lock (Lock)
        {
            while (_mapped > capacity / 4)
            {
                int oldest = TakeOldest(keepsUsed: true);
                if (_segments[oldest].End == 0)
                    Release(oldest);
                else
                    Activate(oldest);
            }
        }
    }

    /// <inheritdoc cref="RecordCache.ChangeAll"/>
    public void ChangeAll(RecordChange change)
    {
        lock (Lock)
        {
            foreach (int segment in _order)
            {
                for (int offset = 0; offset < _segments[segment].End;)
                {
                    Header* header = At(PositionOf(segment, offset));
                    offset += LengthOf(RecordOf(header).Length);
                    if (IsCurrent(header, out uint place) && !change(RecordOf(header)))
                        Unlink(place);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Lock)
        {
            while (_order.Count > 0)
                Release(TakeOldest(keepsUsed: false));
            if (_placeCount > 0)
                Libc.UnmapMemory((nint)_places, (nuint)_indexBytes);
            (_placeCount, _indexBytes, _count) = (0, 0, 0);
        }
    }

    private static uint HashOf(StorePathHash key) => (uint)key.GetHashCode();

    private static int LengthOf(int record) => (sizeof(Header) + record + Word - 1) / Word * Word;

    private static Span<byte> RecordOf(Header* header) => new(header + 1, (int)(header->Length & ~UsedMark));

    private static StorePathHash KeyOf(Header* header) => StorePathHash.FromBytes(header->Key);

    private uint PositionOf(int segment, int offset) => (uint)(((long)segment * _segmentLength + offset) / Word);

    private Header* At(uint position)
    {
        (long segment, long offset) = Math.DivRem((long)position * Word, _segmentLength);
        return (Header*)(_segments[(int)segment].Start + (nint)offset);
    }

    private bool TryFind(StorePathHash key, out uint place, out uint position)
    {
        uint hash = HashOf(key);
        position = 0;
        for (place = HomeOf(hash, _placeCount); _placeCount > 0 && _places[place] is var entry && entry != 0; place = After(place))
        {
            position = (uint)entry - 1;
            if (HashIn(entry) == hash && KeyOf(At(position)) == key)
                return true;
        }

        return false;
    }

    // Whether the index leads to it.
    private bool IsCurrent(Header* header, out uint place) => TryFind(KeyOf(header), out place, out uint position) && At(position) == header;

    private bool TryMakeRoom(int length)
    {
        if (length > _segmentLength)
            return false;
        int recycled = 0;
        while (_active < 0 || _segments[_active].End + length > _segmentLength)
        {
            if (_mapped + _segmentLength + _indexBytes + IndexGrowth <= capacity)
            {
                if (!TryMap())
                    return false;
            }
            else if (_order.Count > 0)
            {
                Activate(TakeOldest(keepsUsed: recycled++ < MaxRecycled));
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private bool TryMap()
    {
        nint start = Libc.MapMemory((nuint)_segmentLength);
        if (start == -1)
            return false;
        int free = _segments.FindIndex(static segment => segment.Start == 0);
        if (free < 0)
        {
            free = _segments.Count;
            _segments.Add(default);
        }

        _segments[free] = new Segment(start, End: 0);
        _mapped += _segmentLength;
        Activate(free);
        return true;
    }

    private void Activate(int segment)
    {
        _order.Enqueue(segment);
        _active = segment;
    }

    private void Grow(int segment, int length) => _segments[segment] = _segments[segment] with { End = _segments[segment].End + length };

    /// <summary>
    /// Takes the oldest segment out of the order, and empties it. Records may stay that were used: they move to the active segment, or else to
    /// the front of this one, and count as unused from then on.
    /// </summary>
    private int TakeOldest(bool keepsUsed)
    {
        int oldest = _order.Dequeue();
        Segment before = _segments[oldest];
        _segments[oldest] = before with { End = 0 };
        if (_active == oldest)
            _active = -1;
        for (int offset = 0; offset < before.End;)
        {
            Header* header = At(PositionOf(oldest, offset));
            int length = LengthOf(RecordOf(header).Length);
            offset += length;
            if (!IsCurrent(header, out uint place))
                continue;
            if (!keepsUsed || (header->Length & UsedMark) == 0)
            {
                Unlink(place);
                _evictions++;
                continue;
            }

            header->Length &= ~UsedMark;
            int target = _active >= 0 && _segments[_active].End + length <= _segmentLength ? _active : oldest;
            uint moved = PositionOf(target, _segments[target].End);
            Buffer.MemoryCopy(header, At(moved), length, length);
            _places[place] = Entry(HashIn(_places[place]), moved);
            Grow(target, length);
        }

        return oldest;
    }

    private void Release(int segment)
    {
        Libc.UnmapMemory(_segments[segment].Start, (nuint)_segmentLength);
        _segments[segment] = default;
        _mapped -= _segmentLength;
    }

    // All records of a shard have the same highest bits.
    private static uint HomeOf(uint hash, uint places) => (uint)((ulong)(hash << RecordCache.ShardBits) * places >> 32);

    private static uint HashIn(ulong entry) => (uint)(entry >> 32);

    // Zero is a free place, so positions count from 1.
    private static ulong Entry(uint hash, uint position) => ((ulong)hash << 32) | (position + 1);

    private static long SizeOf(uint places) => (long)places * sizeof(ulong);

    private bool IsIndexFull => _count + 1 > _placeCount - _placeCount / 5;

    private uint NextPlaceCount => (_placeCount + _placeCount / GrowthDivisor) / PlacesInPage * PlacesInPage + PlacesInPage;

    // How many bytes more the index takes once it has one entry more.
    private long IndexGrowth => IsIndexFull ? SizeOf(NextPlaceCount - _placeCount) : 0;

    private uint After(uint place) => place + 1 == _placeCount ? 0 : place + 1;

    private bool TryLink(uint hash, uint position)
    {
        if (IsIndexFull && !TryGrowIndex())
            return false;
        Put(Entry(hash, position));
        _count++;
        return true;
    }

    private void Put(ulong entry)
    {
        uint place = HomeOf(HashIn(entry), _placeCount);
        while (_places[place] != 0)
            place = After(place);
        _places[place] = entry;
    }

    private void Unlink(uint place)
    {
        uint free = place;
        for (uint next = After(place); _places[next] is var entry && entry != 0; next = After(next))
        {
            // An entry may not move before the place that its hash code begins at.
            uint home = HomeOf(HashIn(entry), _placeCount);
            if (Distance(home, next) < Distance(free, next))
                continue;
            _places[free] = entry;
            free = next;
        }

        _places[free] = 0;
        _count--;
    }

    private uint Distance(uint from, uint to) => to >= from ? to - from : to + _placeCount - from;

    private bool TryGrowIndex()
    {
        ulong* before = _places;
        uint count = _placeCount;
        uint grown = NextPlaceCount;
        nint memory = Libc.MapMemory((nuint)SizeOf(grown));
        if (memory == -1)
            return false;
        _places = (ulong*)memory;
        _placeCount = grown;
        for (uint place = 0; place < count; place++)
        {
            if (before[place] != 0)
                Put(before[place]);
        }

        if (count > 0)
            Libc.UnmapMemory((nint)before, (nuint)_indexBytes);
        _indexBytes = SizeOf(grown);
        return true;
    }

    private readonly record struct Segment(nint Start, int End);

    [StructLayout(LayoutKind.Sequential, Pack = Word)]
    private struct Header
    {
        public KeyBytes Key;
        public uint Length;
        public ulong Stamp;
    }

    [InlineArray(StorePathHash.ByteLength)]
    private struct KeyBytes
    {
        private byte _first;
    }
}
