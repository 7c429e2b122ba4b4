using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Remembers the answers of another catalog, hits and misses, for as long as they hold, and leaves out paths in quarantine. An answer that
/// no longer holds is looked up again; if it is the same, its attachment stays. Concurrent requests for one hash part share one lookup.
/// Misses have a memory of their own, so that they evict no path.
/// </summary>
public sealed class CachingCatalog : IStoreCatalog, IDisposable
{
    // A record begins with the length of its attachment.
    private const int InfoStart = sizeof(int);
    private const int UsualLength = 1024;

    // Names take a small part of what the records take that refer to them.
    private const int NamesShare = 8;
    private const long MaxNames = 1L << 30;

    [ThreadStatic]
    private static byte[]? _buffer;

    private readonly IStoreCatalog _origin;
    private readonly IPathAttachments _attachments;
    private readonly StoreFreshness _freshness;
    private readonly Quarantine _quarantine;
    private readonly CacheStatistics _statistics;
    private readonly NameTable _names;
    private readonly RecordCache _paths;
    private readonly RecordCache _misses;
    private readonly ConcurrentDictionary<StorePathHash, Lookup> _underWay = new();

    /// <param name="origin">The catalog to ask; the caller disposes it.</param>
    /// <param name="attachments">Makes what is remembered besides its answers.</param>
    /// <param name="freshness">Tells which answers still hold.</param>
    /// <param name="quarantine">The paths to leave out.</param>
    /// <param name="pathCapacity">How many bytes the remembered paths may take.</param>
    /// <param name="missCapacity">How many bytes the remembered misses may take.</param>
    /// <param name="statistics">Counts the outcomes of lookups.</param>
    public CachingCatalog(
        IStoreCatalog origin, IPathAttachments attachments, StoreFreshness freshness, Quarantine quarantine, long pathCapacity, long missCapacity,
        CacheStatistics statistics)
    {
        (_origin, _attachments, _freshness, _quarantine, _statistics) = (origin, attachments, freshness, quarantine, statistics);
        long names = Math.Min(pathCapacity / NamesShare, MaxNames);
        _names = new NameTable(names);
        _paths = new RecordCache(pathCapacity - names);
        _misses = new RecordCache(missCapacity);
        freshness.PathChanged = Forget;
    }

    /// <summary>How full the memory is.</summary>
    public IReadOnlyList<CacheUsage> Usage =>
        [new CacheUsage("paths", () => _paths.Bytes + _names.Bytes, () => _paths.Count, () => _paths.Evictions), _misses.UsageAs("misses")];

    /// <summary>Drops most answers with a path: the daemon is near.</summary>
    public void Shrink() => _paths.Shrink();

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
    public bool TryRecall(StorePathHash hash, out PathRecord record)
    {
        record = default;
        byte[]? remembered = Read(hash, out int length, out ulong stamp);
        if (remembered is null)
            return _misses.Read(hash, default, out stamp) >= 0 && _freshness.Holds(stamp);
        record = Read(remembered.AsSpan(0, length));
        return _freshness.Holds(stamp) && _attachments.Hold(record.Attachment);
    }

    /// <summary>Reads the record of a <see cref="KnownPath"/>.</summary>
    public PathRecord Read(ReadOnlySpan<byte> record)
    {
        int attachment = BinaryPrimitives.ReadInt32LittleEndian(record);
        return new PathRecord(record[InfoStart..^attachment], record[^attachment..], _names);
    }

    /// <inheritdoc/>
    public ValueTask<CatalogState> CheckAsync(CancellationToken cancellationToken) => _origin.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(CancellationToken cancellationToken) => _origin.CountAsync(cancellationToken);

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
    }

    private async Task<ValidPathInfo?> FindPathAsync(StorePathHash hash) => (await LookUpAsync(hash))?.Path;

    // The bytes are in this thread's buffer; null if there are none.
    private byte[]? Read(StorePathHash hash, out int length, out ulong stamp)
    {
        byte[] buffer = _buffer ??= new byte[UsualLength];
        while ((length = _paths.Read(hash, buffer, out stamp)) > buffer.Length)
            _buffer = buffer = new byte[length];
        return length < 0 ? null : buffer;
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
        using (_misses.Enter(hash))
        {
            if (_freshness.IsUnchanged(hash, stamp))
                _misses.Set(hash, default, stamp.Remembered);
        }

        return null;
    }

    private KnownPath Remember(ValidPathInfo path, AnswerStamp stamp)
    {
        StorePathHash hash = path.Path.Hash;
        ArrayBufferWriter<byte> info = new(UsualLength);
        PathRecordWriter.Write(info, path, _names);
        byte[]? before = Read(hash, out int length, out _);
        PathRecord remembered = before is null ? default : Read(before.AsSpan(0, length));
        bool wasMiss = before is null && _misses.Read(hash, default, out _) >= 0;
        bool isSame = before is not null && before.AsSpan(InfoStart, length - InfoStart - remembered.Attachment.Length).SequenceEqual(info.WrittenSpan);
        _statistics.Count(isSame ? LookupOutcome.Revalidated : before is not null || wasMiss ? LookupOutcome.Changed : LookupOutcome.Miss);

        byte[] record = isSame && _attachments.Hold(remembered.Attachment)
            ? before.AsSpan(0, length).ToArray()
            : Compose(info.WrittenSpan, _attachments.Make(path, new PathRecord(info.WrittenSpan, default, _names)));
        _misses.Remove(hash);
        using (_paths.Enter(hash))
        {
            // A path in quarantine is checked at each request. It is listed before this is told that it changed.
            if (_freshness.IsUnchanged(hash, stamp) && !_quarantine.IsListed(hash))
                _paths.Set(hash, record, stamp.Remembered);
        }

        return new KnownPath(path, record);
    }

    private static byte[] Compose(ReadOnlySpan<byte> info, byte[] attachment)
    {
        byte[] record = new byte[InfoStart + info.Length + attachment.Length];
        BinaryPrimitives.WriteInt32LittleEndian(record, attachment.Length);
        info.CopyTo(record.AsSpan(InfoStart));
        attachment.CopyTo(record, InfoStart + info.Length);
        return record;
    }

    private sealed class Lookup(AnswerStamp stamp)
    {
        public AnswerStamp Stamp => stamp;

        public TaskCompletionSource<KnownPath?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
