using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Cache.Limits;

/// <summary>
/// Values that were asked for lately, as many as fit into a number of bytes. Any thread may use it; a hit takes no lock. What was not
/// asked for since the hand came by last goes first (the second-chance, or clock, rule), so values that are put in and never asked for
/// do not push out those that are.
/// </summary>
/// <param name="capacity">How many bytes all values together may have; 0 keeps none.</param>
public sealed class ByteBoundedCache<TKey, TValue>(long capacity)
    where TKey : notnull
    where TValue : class
{
    /// <summary>What keeping a value costs beside its own bytes: the entry, its place in the table and in the order. Measured.</summary>
    public const int EntryOverhead = 200;

    // Entries are taken out and put in under the lock only, but found without it.
    private readonly ConcurrentDictionary<TKey, LinkedListNode<Entry>> _entries = new();
    private readonly LinkedList<Entry> _order = new();
    private readonly Lock _lock = new();
    private long _bytes;
    private long _evictions;

    /// <summary>The bytes of all values and what keeping them costs. Never more than the capacity.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How many values there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _order.Count;
        }
    }

    /// <summary>How many values had to go for others.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    /// <summary>These figures under a name, for those who watch.</summary>
    public CacheUsage UsageAs(string name) => new(name, () => Bytes, () => Count, () => Evictions);

    /// <summary>Finds a value, and remembers that it was asked for.</summary>
    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            value = null;
            return false;
        }

        // Written once a round only: a write on each hit would have all cores fight for the line.
        if (!node.Value.WasAsked)
            node.Value.WasAsked = true;
        value = node.Value.Value;
        return true;
    }

    /// <summary>Keeps a value in the place of the key's last one. One that is larger than the capacity is not kept.</summary>
    /// <param name="key">What it is found by.</param>
    /// <param name="value">The value; it must not change.</param>
    /// <param name="bytes">The memory it takes, its key included.</param>
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
            // In the place of the one before, so that nobody finds nothing in between.
            _entries[key] = _order.AddLast(new Entry(key, value, size) { WasAsked = wasAsked });
            _bytes += size;
        }
    }

    /// <summary>Counts a value anew that has grown; if another is in its place by now, nothing.</summary>
    /// <param name="key">What it is found by.</param>
    /// <param name="value">The value.</param>
    /// <param name="bytes">The memory it takes by now, its key included.</param>
    public void Resize(TKey key, TValue value, long bytes)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? node) && ReferenceEquals(node.Value.Value, value))
                Set(key, value, bytes);
        }
    }

    /// <summary>Forgets a value.</summary>
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

        /// <summary>Whether it was found since the hand came by last. Races lose at most one chance.</summary>
        public bool WasAsked { get; set; }
    }
}
