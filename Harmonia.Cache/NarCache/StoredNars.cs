using System.Collections.Concurrent;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// The list of stored NARs: at most one file for each NAR, and at most as many bytes as configured. The least recently used files are evicted.
/// Any thread may use it.
/// </summary>
internal sealed class StoredNars
{
    // The order needs to survive a restart only roughly. A write for each hit would cost more than the hit.
    private static readonly TimeSpan TouchInterval = TimeSpan.FromHours(1);

    // Nobody opens a mark, so each narinfo of its NAR counts as a use. The order needs the time only roughly.
    private static readonly TimeSpan MarkInterval = TimeSpan.FromMinutes(1);

    // Entries are added and removed under the lock only, but found without it.
    private readonly ConcurrentDictionary<NarHash, LinkedListNode<Entry>> _entries = new();
    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _order = new();
    private readonly NarCacheDirectory _directory;
    private readonly long _maxSize;
    private readonly NarCacheMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _bytes;
    private Task _checks = Task.CompletedTask;

    /// <summary>Reads the files of the directory.</summary>
    public StoredNars(NarCacheDirectory directory, long maxSize, NarCacheMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_directory, _maxSize, _metrics, _time, _logger) = (directory, maxSize, metrics, time, logger);
        List<string> retired = new();
        IReadOnlyList<StoredNar> found = directory.Recover(out int unfinished);
        foreach (StoredNar nar in found)
            Put(nar, retired, isChecked: false);
        Evict(retired);
        retired.ForEach(NarCacheDirectory.Remove);
        logger.NarCacheOpened(directory.Path, _order.Count, _bytes, maxSize, unfinished);
    }

    /// <summary>Finds the stored form of a NAR; null if there is none. Never waits. False for a mark whose <see cref="Use"/> is due.</summary>
    public bool TryFind(NarHash hash, out StoredNar? nar)
    {
        Entry? entry = _entries.TryGetValue(hash, out LinkedListNode<Entry>? node) ? node.Value : null;
        nar = entry?.Nar;
        return entry is not { Nar.IsIncompressible: true } || _time.GetElapsedTime(entry.Used) < MarkInterval;
    }

    /// <summary>Opens the file of a NAR, which counts as a use. It can be read to its end even if it is evicted meanwhile.</summary>
    public SafeFileHandle? Open(StoredNar nar)
    {
        Use(nar.NarHash);
        SafeFileHandle? file = _directory.Open(nar);
        if (file is not null && RandomAccess.GetLength(file) == nar.Size)
        {
            CheckOnce(nar);
            return file;
        }

        file?.Dispose();
        _logger.StoredNarGone(nar.FileName);
        Forget(nar);
        return null;
    }

    /// <summary>Notes a use.</summary>
    public void Use(NarHash hash)
    {
        Entry entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(hash, out LinkedListNode<Entry>? node))
                return;
            _order.Remove(node);
            _order.AddLast(node);
            entry = node.Value;
            entry.Used = _time.GetTimestamp();
            if (_time.GetElapsedTime(entry.Touched) < TouchInterval)
                return;
            entry.Touched = entry.Used;
        }

        try
        {
            _directory.Touch(entry.Nar);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever opens it will see what is wrong.
        }
    }

    /// <summary>Stores a finished file under its name, and removes others if it has to.</summary>
    /// <exception cref="IOException">It cannot be stored.</exception>
    public void Store(TemporaryNar file, StoredNar nar)
    {
        RandomAccess.FlushToDisk(file.Handle);
        Add(nar, () => _directory.Rename(file, nar));
        _directory.Sync();
    }

    /// <summary>Notes that a NAR is not worth compressing; where the disk takes no note, the next one looks again.</summary>
    public void MarkIncompressible(NarHash hash)
    {
        StoredNar nar = StoredNar.Incompressible(hash);
        try
        {
            Add(nar, () => _directory.Mark(nar));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.NotMarked(nar.FileName, exception.Message);
        }
    }

    // File and entry change together under the lock.
    private void Add(StoredNar nar, Action makeFile)
    {
        List<string> retired = new();
        lock (_lock)
        {
            makeFile();
            Put(nar, retired, isChecked: true);
            Evict(retired);
        }

        retired.ForEach(NarCacheDirectory.Remove);
    }

    private void Put(StoredNar nar, List<string> retired, bool isChecked)
    {
        if (_entries.TryGetValue(nar.NarHash, out LinkedListNode<Entry>? before))
        {
            Drop(before);
            if (before.Value.Nar.FileName != nar.FileName)
                Retire(before.Value.Nar, retired);
        }

        // Replaces the entry in one step, so that a reader always finds one of the two.
        long now = _time.GetTimestamp();
        _entries[nar.NarHash] = _order.AddLast(new Entry(nar) { Used = now, Touched = now, IsChecked = isChecked });
        _bytes += nar.DiskSize;
        Report();
    }

    private void Evict(List<string> retired)
    {
        while (_bytes > _maxSize && _order.First is { } oldest)
        {
            _entries.TryRemove(oldest.Value.Nar.NarHash, out _);
            Drop(oldest);
            Retire(oldest.Value.Nar, retired);
            _metrics.Evicted();
            _logger.StoredNarEvicted(oldest.Value.Nar.FileName, _maxSize);
        }

        Report();
    }

    private void Forget(StoredNar nar)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(nar.NarHash, out LinkedListNode<Entry>? node) && node.Value.Nar == nar)
            {
                _entries.TryRemove(nar.NarHash, out _);
                Drop(node);
                Report();
            }
        }
    }

    // A file from before the start is hashed when it is first used, one file after the other and beside the answers. A client that gets wrong
    // bytes notices by the hash in its narinfo.
    private void CheckOnce(StoredNar nar)
    {
        if (!_entries.TryGetValue(nar.NarHash, out LinkedListNode<Entry>? node) || node.Value.IsChecked)
            return;
        lock (_lock)
        {
            if (!node.Value.IsChecked)
                _checks = _checks.ContinueWith(_ => Check(nar), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            node.Value.IsChecked = true;
        }
    }

    private void Check(StoredNar nar)
    {
        try
        {
            using SafeFileHandle? file = _directory.Open(nar);
            if (file is null || NarCacheDirectory.HashOf(file) == nar.FileHash)
                return;
            _logger.StoredNarDamaged(nar.FileName);
            List<string> retired = new();
            lock (_lock)
            {
                Forget(nar);
                Retire(nar, retired);
            }

            retired.ForEach(NarCacheDirectory.Remove);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.StoredNarNotChecked(nar.FileName, exception.Message);
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _order.Remove(node);
        _bytes -= node.Value.Nar.DiskSize;
    }

    private void Retire(StoredNar nar, List<string> retired)
    {
        if (_directory.Retire(nar) is { } path)
            retired.Add(path);
    }

    private void Report() => _metrics.Holds(_order.Count, _bytes);

    private sealed class Entry(StoredNar nar)
    {
        public StoredNar Nar => nar;

        /// <summary>When the NAR was last used.</summary>
        public long Used { get; set; }

        /// <summary>When the use was last noted in the file.</summary>
        public long Touched { get; set; }

        /// <summary>Whether the file was created since the start, or its check has begun.</summary>
        public bool IsChecked { get; set; }
    }
}
