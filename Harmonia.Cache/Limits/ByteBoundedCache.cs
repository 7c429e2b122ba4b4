using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Cache.Limits;

/// <summary>
/// A cache with a capacity in bytes. Thread-safe; a hit takes no lock. It evicts entries by the clock (second-chance) algorithm: those
/// that were not used since the hand passed last go first, so entries that are never used again do not evict those in use.
/// </summary>
/// <param name="capacity">How many bytes all entries together may take; 0 disables the cache.</param>
public sealed class ByteBoundedCache<TKey, TValue>(long capacity)
    where TKey : notnull
    where TValue : class
{
    /// <summary>The overhead of an entry in bytes: the entry itself, its place in the table and in the clock. Measured.</summary>
    public const int EntryOverhead = 200;

    // Entries are added and removed under the lock, and found without it.
    private readonly ConcurrentDictionary<TKey, LinkedListNode<Entry>> _entries = new();
    private readonly LinkedList<Entry> _order = new();
    private readonly Lock _lock = new();
    private long _bytes;
    private long _evictions;

    /// <summary>The bytes of all entries with their overhead. Never more than the capacity.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The number of entries.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _order.Count;
        }
    }

    /// <summary>The number of evicted entries.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    /// <summary>The usage of this cache under a name, for metrics.</summary>
    public CacheUsage UsageAs(string name) => new(name, () => Bytes, () => Count, () => Evictions);

    /// <summary>Finds a value, and marks it as used.</summary>
    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            value = null;
            return false;
        }

        // Written only once per round: a write on each hit would make all cores contend for the cache line.
        if (!node.Value.WasAsked)
            node.Value.WasAsked = true;
        value = node.Value.Value;
        return true;
    }

    /// <summary>Adds a value, or replaces that of the key. A value larger than the capacity is not kept.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; it must not change.</param>
    /// <param name="bytes">The memory it takes, with its key.</param>
    public void Set(TKey key, TValue value, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        long size = bytes + EntryOverhead;
        lock (_lock)
        {
            bool wasAsked = false;
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? before))
            {
                wasAsked = before.Value.WasAsked;
                Drop(before);
            }

            if (size > capacity)
            {
                _entries.TryRemove(key, out _);
                return;
            }

            while (_bytes + size > capacity)
                EvictOldest();
            Add(key, value, size, wasAsked);
        }
    }

    /// <summary>
    /// Adds a value if there is room for it, so that no other has to go. It never waits: if the cache is being changed, the value is not
    /// added.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; it must not change.</param>
    /// <param name="bytes">The memory it takes, with its key.</param>
    public bool TryAdd(TKey key, TValue value, long bytes)
    {
        long size = bytes + EntryOverhead;
        if (Bytes + size > capacity || !_lock.TryEnter())
            return false;
        try
        {
            if (_bytes + size > capacity || _entries.ContainsKey(key))
                return false;
            Add(key, value, size, wasAsked: false);
            return true;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Updates the size of a value that has grown. Does nothing if the key has another value by now.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="bytes">The memory it takes now, with its key.</param>
    public void Resize(TKey key, TValue value, long bytes)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? node) && ReferenceEquals(node.Value.Value, value))
                Set(key, value, bytes);
        }
    }

    /// <summary>Removes a value.</summary>
    public bool Remove(TKey key)
    {
        lock (_lock)
        {
            if (!_entries.TryRemove(key, out LinkedListNode<Entry>? node))
                return false;
            Drop(node);
            return true;
        }
    }

    /// <summary>Drops values until they take a quarter of the capacity. The ones that were asked for stay longest.</summary>
    public void Shrink()
    {
        lock (_lock)
        {
            while (_bytes > capacity / 4)
                EvictOldest();
        }
    }

    private void Add(TKey key, TValue value, long size, bool wasAsked)
    {
        // Replaced in place, so that there is no moment without an entry.
        _entries[key] = _order.AddLast(new Entry(key, value, size) { WasAsked = wasAsked });
        _bytes += size;
    }

    private void EvictOldest()
    {
        LinkedListNode<Entry> oldest = _order.First!;
        while (oldest.Value.WasAsked)
        {
            oldest.Value.WasAsked = false;
            _order.RemoveFirst();
            _order.AddLast(oldest);
            oldest = _order.First!;
        }

        _entries.TryRemove(oldest.Value.Key, out _);
        Drop(oldest);
        _evictions++;
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _order.Remove(node);
        _bytes -= node.Value.Size;
    }

    private sealed class Entry(TKey key, TValue value, long size)
    {
        public TKey Key => key;

        public TValue Value => value;

        public long Size => size;

        /// <summary>Whether it was used since the hand passed last. A race loses at most one mark.</summary>
        public bool WasAsked { get; set; }
    }
}
