using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Limits;

/// <summary>
/// A cache of byte records by hash part, with a capacity in bytes, outside of the managed heap: the garbage collector neither walks nor counts
/// a million records. Records are appended to segments, and the oldest segment makes room for new ones; those of its records that were used
/// since it was last written stay (second chance). So records that are never used again do not evict those in use. Thread-safe.
/// </summary>
public sealed class RecordCache : IDisposable
{
    // A hash part belongs to one shard. A reader holds its lock for as long as it takes to copy a record.
    internal const int ShardBits = 4;
    private const int Shards = 1 << ShardBits;
    private const int ShardShift = 32 - ShardBits;

    // Far below what positions of 32 bits reach.
    private const long MaxShard = 8L << 30;

    private readonly RecordShard[] _shards = new RecordShard[Shards];

    /// <param name="capacity">How many bytes all records together may take, with their places in the index; 0 disables the cache.</param>
    public RecordCache(long capacity)
    {
        for (int i = 0; i < Shards; i++)
            _shards[i] = new RecordShard(Math.Min(capacity / Shards, MaxShard));
    }

    /// <summary>The memory it takes, in bytes. Never more than the capacity.</summary>
    public long Bytes => _shards.Sum(static shard => shard.Bytes);

    /// <summary>The number of records.</summary>
    public int Count => _shards.Sum(static shard => shard.Count);

    /// <summary>The number of records that made room for others.</summary>
    public long Evictions => _shards.Sum(static shard => shard.Evictions);

    /// <summary>The number of records that were added and are there no more.</summary>
    public long Gone => _shards.Sum(static shard => shard.Gone);

    /// <summary>The usage of this cache under a name, for metrics.</summary>
    public CacheUsage UsageAs(string name) => new(name, () => Bytes, () => Count, () => Evictions);

    /// <summary>Keeps others from reading and changing the record of a key meanwhile.</summary>
    public Lock.Scope Enter(StorePathHash key) => ShardOf(key).Lock.EnterScope();

    /// <summary>Copies a record, and marks it as used. It never waits: a record that is being changed may count as none.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="destination">Gets the record if there is room for it.</param>
    /// <param name="stamp">Its stamp, whose meaning only the owner of the cache knows.</param>
    /// <returns>The length of the record; -1 if there is none.</returns>
    public int Read(StorePathHash key, Span<byte> destination, out ulong stamp) => ShardOf(key).Read(key, destination, out stamp);

    /// <summary>Adds a record, or replaces that of the key. One that is too large for the capacity is not kept.</summary>
    public void Set(StorePathHash key, ReadOnlySpan<byte> record, ulong stamp) => ShardOf(key).Set(key, record, stamp);

    /// <summary>Removes the record of a key.</summary>
    public void Remove(StorePathHash key) => ShardOf(key).Remove(key);

    /// <summary>Drops records until they take a quarter of the capacity. The ones that were used last stay longest.</summary>
    public void Shrink()
    {
        foreach (RecordShard shard in _shards)
            shard.Shrink();
    }

    /// <summary>
    /// Changes all records in place, and removes those for which the answer is false. Records that are set meanwhile may be left out. A shard
    /// can't be read meanwhile: a millisecond for some thousand records.
    /// </summary>
    public void ChangeAll(RecordChange change)
    {
        foreach (RecordShard shard in _shards)
            shard.ChangeAll(change);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RecordShard shard in _shards)
            shard.Dispose();
    }

    private RecordShard ShardOf(StorePathHash key) => _shards[(uint)key.GetHashCode() >> ShardShift];
}
