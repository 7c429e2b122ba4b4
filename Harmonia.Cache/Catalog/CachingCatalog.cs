using System.Buffers;
using System.Collections.Concurrent;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Remembers the answers of another catalog, hits and misses, for as long as they hold, and leaves out paths in quarantine. An answer that
/// no longer holds is looked up again; if it is the same, its attachment stays. Concurrent requests for one hash part share one lookup.
/// Misses have a memory of their own, so that they evict no path, and many are known from a <see cref="StoreInventory"/>.
/// </summary>
public sealed class CachingCatalog : IStoreCatalog, IDisposable
{
    private const int UsualLength = 1024;

    // A name that others refer to takes some 50 bytes, a record some 250.
    private const int NamesShare = 5;
    private const long MaxNames = 144L << 20;

    // So that a table that is too small for the names in use is not replaced all the time.
    private const int MinGone = 1024;

    [ThreadStatic]
    private static byte[]? _buffer;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _info;

    private readonly Lock _tidying = new();
    private readonly IStoreCatalog _origin;
    private readonly IPathAttachments _attachments;
    private readonly StoreFreshness _freshness;
    private readonly Quarantine _quarantine;
    private readonly StoreInventory _inventory;
    private readonly CacheStatistics _statistics;
    private readonly RecordCache _paths;
    private readonly RecordCache _misses;
    private readonly ConcurrentDictionary<StorePathHash, Lookup> _underWay = new();
    private volatile Names _names;
    private long _goneBefore;

    /// <param name="origin">The catalog to ask; the caller disposes it.</param>
    /// <param name="attachments">Makes what is remembered besides its answers.</param>
    /// <param name="freshness">Tells which answers still hold.</param>
    /// <param name="quarantine">The paths to leave out.</param>
    /// <param name="inventory">Knows what the store lacks; the caller disposes it.</param>
    /// <param name="pathCapacity">How many bytes the remembered paths may take.</param>
    /// <param name="missCapacity">How many bytes the remembered misses may take.</param>
    /// <param name="statistics">Counts the outcomes of lookups.</param>
    public CachingCatalog(
        IStoreCatalog origin, IPathAttachments attachments, StoreFreshness freshness, Quarantine quarantine, StoreInventory inventory,
        long pathCapacity, long missCapacity, CacheStatistics statistics)
    {
        (_origin, _attachments, _freshness, _quarantine, _inventory, _statistics) =
            (origin, attachments, freshness, quarantine, inventory, statistics);
        long names = Math.Min(pathCapacity / NamesShare, MaxNames);
        _names = new Names(new BaseNames(names), null);
        _paths = new RecordCache(pathCapacity - names);
        _misses = new RecordCache(missCapacity);
        freshness.PathChanged = Forget;
    }

    /// <summary>How full the memory is.</summary>
    public IReadOnlyList<CacheUsage> Usage =>
        [new CacheUsage("paths", () => _paths.Bytes + _names.Bytes, () => _paths.Count, () => _paths.Evictions), _misses.UsageAs("misses")];

    /// <summary>Drops most answers with a path: the daemon is near.</summary>
    public void Shrink()
    {
        _paths.Shrink();
        TidyNames();
    }

    /// <inheritdoc/>
    public ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!TryRecall(hash, out PathRecord record))
            return new ValueTask<ValidPathInfo?>(FindPathAsync(hash));
        _statistics.Count(LookupOutcome.Hit);
        return new ValueTask<ValidPathInfo?>(record.Exists ? record.ToPathInfo() : null);
    }

    /// <summary>Looks a path up whose answer is not remembered, and remembers it; null if there is none, or if it is in quarantine.</summary>
    public async Task<KnownPath?> LookUpAsync(StorePathHash hash)
    {
        KnownPath? found = await ShareAsync(hash);
        return found is null || _quarantine.Filter(found.Path) is null ? null : found;
    }

    /// <summary>
    /// The remembered answer for a hash part; not counted. False when there is none that holds. The record is valid until the next call on
    /// this thread.
    /// </summary>
    public bool TryRecall(StorePathHash hash, out PathRecord record) => TryRead(hash, out record, out ulong stamp)
        ? _freshness.Holds(stamp) && _attachments.Hold(record.Attachment)
        : (_misses.Read(hash, default, out stamp) >= 0 && _freshness.Holds(stamp)) || _inventory.Lacks(hash);

    /// <inheritdoc/>
    public ValueTask<FirstPaths> FindReferrersAsync(StorePath path, int max, CancellationToken cancellationToken) =>
        _origin.FindReferrersAsync(path, max, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => _origin.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(CancellationToken cancellationToken) => _origin.CountAsync(cancellationToken);

    /// <inheritdoc/>
    public Task ListAsync(Action<StorePathHash> found, CancellationToken cancellationToken) => _origin.ListAsync(found, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _paths.Dispose();
        _misses.Dispose();
    }

    private void Forget(StorePathHash hash)
    {
        _paths.Remove(hash);
        _misses.Remove(hash);
        _inventory.Changed(hash);
    }

    // Who asks here may send a NAR next, for as long as that takes. Other answers wait for the thread that gave this one.
    private async Task<ValidPathInfo?> FindPathAsync(StorePathHash hash)
    {
        KnownPath? found = await LookUpAsync(hash);
        await Task.Yield();
        return found?.Path;
    }

    // Its bytes are in this thread's buffer, behind the hash part.
    private bool TryRead(StorePathHash hash, out PathRecord record, out ulong stamp)
    {
        const int Start = StorePathHash.ByteLength;
        byte[] buffer = _buffer ??= new byte[UsualLength];
        while (true)
        {
            Names names = _names;
            int length = _paths.Read(hash, buffer.AsSpan(Start), out stamp);
            if (length > buffer.Length - Start)
            {
                _buffer = buffer = new byte[Start + length];
            }
            else if (length < 0)
            {
                record = default;
                return false;
            }
            else if (names == _names)
            {
                // They were not replaced meanwhile, so the record refers to these.
                hash.CopyTo(buffer);
                ReadOnlySpan<byte> bytes = buffer.AsSpan(Start, length);
                record = PathRecord.Of(buffer.AsSpan(0, Start), bytes, names.Of(bytes));
                return true;
            }
        }
    }

    private Task<KnownPath?> ShareAsync(StorePathHash hash)
    {
        Lookup mine = new(_freshness.Stamp(hash));
        while (true)
        {
            Lookup current = _underWay.GetOrAdd(hash, mine);
            if (current == mine)
                break;
            // The answer to a lookup under way may already be out of date, like anything remembered.
            if (_freshness.Holds(hash, current.Stamp))
            {
                _statistics.Count(LookupOutcome.Shared);
                return current.Answer.Task;
            }

            if (_underWay.TryUpdate(hash, mine, current))
                break;
        }

        return AskAsync(hash, mine);
    }

    private async Task<KnownPath?> AskAsync(StorePathHash hash, Lookup mine)
    {
        try
        {
            ValidPathInfo? path = await _origin.FindAsync(hash, CancellationToken.None);
            KnownPath? answer = path is null ? RememberMiss(hash, mine.Stamp) : Remember(path, mine.Stamp);
            mine.Answer.SetResult(answer);
            return answer;
        }
        catch (Exception exception)
        {
            mine.Answer.SetException(exception);
            // Observed here, because nobody else may be waiting for it.
            _ = mine.Answer.Task.Exception;
            throw;
        }
        finally
        {
            _underWay.TryRemove(KeyValuePair.Create(hash, mine));
        }
    }

    private KnownPath? RememberMiss(StorePathHash hash, AnswerStamp stamp)
    {
        bool wasPath = _paths.Read(hash, default, out _) >= 0;
        bool wasMiss = _misses.Read(hash, default, out _) >= 0;
        _statistics.Count(wasPath ? LookupOutcome.Changed : wasMiss ? LookupOutcome.Revalidated : LookupOutcome.Miss);
        _paths.Remove(hash);
        _inventory.Missed();
        using (_misses.Enter(hash))
        {
            if (_freshness.IsUnchanged(hash, stamp))
                _misses.Set(hash, default, stamp.Remembered);
        }

        return null;
    }

    private KnownPath Remember(ValidPathInfo path, AnswerStamp stamp)
    {
        ArrayBufferWriter<byte> info = _info ??= new ArrayBufferWriter<byte>(UsualLength);
        byte[]? attachment = null;
        while (true)
        {
            BaseNames names = _names.Current;
            info.ResetWrittenCount();
            PathRecordWriter.Write(info, path, names);
            attachment ??= Attach(path, info.WrittenSpan, names);
            byte[] record = PathRecordWriter.Join(info.WrittenSpan, attachment);
            if (!TryKeep(path.Path.Hash, record, names, stamp))
                continue;
            if (names.IsFull && 2 * (_paths.Gone - Interlocked.Read(ref _goneBefore)) > _paths.Count + MinGone)
                TidyNames();
            return new KnownPath(path, record, names);
        }
    }

    private byte[] Attach(ValidPathInfo path, ReadOnlySpan<byte> info, BaseNames names)
    {
        StorePathHash hash = path.Path.Hash;
        Span<byte> bytes = stackalloc byte[StorePathHash.ByteLength];
        hash.CopyTo(bytes);
        PathRecord record = new(bytes, info, default, names);
        bool wasPath = TryRead(hash, out PathRecord before, out _);
        bool wasMiss = !wasPath && _misses.Read(hash, default, out _) >= 0;
        bool isSame = wasPath && record.SaysAs(before);
        _statistics.Count(isSame ? LookupOutcome.Revalidated : wasPath || wasMiss ? LookupOutcome.Changed : LookupOutcome.Miss);
        return isSame && _attachments.Hold(before.Attachment) ? before.Attachment.ToArray() : _attachments.Make(path, record);
    }

    // False if its names were replaced meanwhile.
    private bool TryKeep(StorePathHash hash, byte[] record, BaseNames names, AnswerStamp stamp)
    {
        _misses.Remove(hash);
        using (_paths.Enter(hash))
        {
            if (_names.Current != names)
                return false;
            // A path in quarantine is checked at each request. It is listed before this is told that it changed.
            if (_freshness.IsUnchanged(hash, stamp) && !_quarantine.IsListed(hash))
                _paths.Set(hash, record, stamp.Remembered);
        }

        return true;
    }

    /// <summary>
    /// Replaces the names by those that records refer to. New records refer to the new table from the beginning; a record that is read
    /// meanwhile has numbers of the one or the other. For a moment both take memory.
    /// </summary>
    private void TidyNames()
    {
        if (!_tidying.TryEnter())
            return;
        try
        {
            BaseNames before = _names.Current;
            BaseNames next = new(before.Capacity, !before.IsOdd);
            _names = new Names(next, before);
            _paths.ChangeAll(record => PathRecord.HasOddNames(record) == next.IsOdd || PathRecordWriter.TryRenumber(record, before, next));
            _names = new Names(next, null);
            Interlocked.Exchange(ref _goneBefore, _paths.Gone);

            // The old table is megabytes that nothing else would collect soon. There is little to walk.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        }
        finally
        {
            _tidying.Exit();
        }
    }

    // The names of new records, and until all others refer to them, those of the others.
    private sealed record Names(BaseNames Current, BaseNames? Previous)
    {
        public long Bytes => Current.Bytes + (Previous?.Bytes ?? 0);

        public BaseNames Of(ReadOnlySpan<byte> record) => PathRecord.HasOddNames(record) == Current.IsOdd ? Current : Previous!;
    }

    private sealed class Lookup(AnswerStamp stamp)
    {
        public AnswerStamp Stamp => stamp;

        public TaskCompletionSource<KnownPath?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
