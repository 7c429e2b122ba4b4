using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Nar;

/// <summary>
/// The NARs of the store, read when they are first asked for: their indexes are kept, and small ones whole. A kept index is used as long as
/// the database has the same hash for the path and its root is the same file; a whole NAR as long as the database has that hash.
/// </summary>
public sealed class StoreNars : IDisposable
{
    /// <summary>A NAR of this many bytes at most is kept whole.</summary>
    public const long SmallNar = 64 * 1024;

    // What is read at once, for one and for all, before its first byte is sent.
    private const long MaxCapture = 32L << 20;
    private const long MaxCaptures = 64L << 20;
    private const long MaxReadAhead = 16L << 20;

    // A disk that needs longer serves parallel readers faster than this single one. What was read is in the kernel's memory by then.
    private static readonly TimeSpan MaxCaptureTime = TimeSpan.FromMilliseconds(500);

    // 12,000 trees.
    private const long VerifiedCapacity = 4L << 20;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private readonly StoreFiles _files;
    private readonly Quarantine _corrupt;
    private readonly ByteBoundedCache<NarKey, IndexedNar> _indexes;
    private readonly ByteBoundedCache<NarKey, byte[]> _small;
    private readonly ByteBoundedCache<NarKey, VerifiedTree> _verified = new(VerifiedCapacity);
    private readonly ConcurrentDictionary<NarKey, TaskCompletionSource<IndexedNar>> _underWay = new();
    private readonly SemaphoreSlim _places;
    private readonly MemoryBudget _captures = new(MaxCaptures);
    private readonly MemoryBudget _readAhead = new(MaxReadAhead);

    /// <param name="files">Where the files are.</param>
    /// <param name="corrupt">Gets the paths whose files are found to be wrong.</param>
    /// <param name="indexCapacity">Bytes for indexes.</param>
    /// <param name="smallCapacity">Bytes for whole NARs.</param>
    /// <param name="maxReadings">How many trees are read for the first time at once.</param>
    public StoreNars(StoreFiles files, Quarantine corrupt, long indexCapacity, long smallCapacity, int maxReadings)
    {
        (_files, _corrupt) = (files, corrupt);
        _indexes = new ByteBoundedCache<NarKey, IndexedNar>(indexCapacity);
        _small = new ByteBoundedCache<NarKey, byte[]>(smallCapacity);
        _places = new SemaphoreSlim(maxReadings);
    }

    /// <summary>What is kept.</summary>
    public IReadOnlyList<CacheUsage> Usage =>
        [_indexes.UsageAs("nar_indexes"), _verified.UsageAs("verified"), _small.UsageAs("nars")];

    /// <summary>Drops most small NARs and indexes: reading them again takes little.</summary>
    public void Shrink()
    {
        _small.Shrink();
        _indexes.Shrink();
    }

    /// <summary>The whole NAR of a path, if it is small and known: right whatever its files are by now, since its hash is.</summary>
    public bool TryGetSmall(ValidPathInfo path, [NotNullWhen(true)] out byte[]? nar) => _small.TryGet(NarKey.Of(path), out nar);

    /// <summary>
    /// Opens the NAR of a path; the caller disposes it. Its size is what the files make, which need not be what the database says.
    /// </summary>
    /// <param name="path">As the database has it.</param>
    /// <param name="isWhole">Whether all of it will be written.</param>
    /// <param name="cancellationToken">Ends the waiting for what others read.</param>
    /// <exception cref="IOException">There are no such files, they cannot be read, or are not what the database says.</exception>
    /// <exception cref="OverloadedException">Too many trees are being read.</exception>
    public async ValueTask<OpenNar> OpenAsync(ValidPathInfo path, bool isWhole, CancellationToken cancellationToken)
    {
        NarKey key = NarKey.Of(path);
        byte[] root = _files.NameOf(path.Path);
        while (true)
        {
            TreeIdentity identity = TreeIdentity.Of(root);
            // A small one that will be sent is read anew, to be kept.
            if (!(isWhole && IsSmall(path)) && _indexes.TryGet(key, out IndexedNar? known) && known.Identity == identity)
                return Open(path, root, known, captured: null);

            TaskCompletionSource<IndexedNar> mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource<IndexedNar> current = _underWay.GetOrAdd(key, mine);
            if (current == mine)
                return await ReadAsync(key, path, root, isWhole, mine);
            IndexedNar shared = await current.Task.WaitAsync(cancellationToken);
            if (shared.Identity == identity)
                return Open(path, root, shared, captured: null);
        }
    }

    /// <summary>Notes that all of a NAR has passed, or takes its path out of service.</summary>
    /// <exception cref="CorruptNarException">It has not the hash that the database says.</exception>
    internal void Verify(ValidPathInfo path, IndexedNar nar, NarHasher hasher)
    {
        Span<byte> bytes = stackalloc byte[NarHash.ByteLength];
        hasher.Finish(bytes);
        Verify(path, nar.Identity, NarHash.FromBytes(bytes));
        nar.SetVerified();
    }

    /// <summary>Drops what is known of the files of a path, which has turned out to be wrong.</summary>
    internal void Forget(ValidPathInfo path)
    {
        _indexes.Remove(NarKey.Of(path));
        _verified.Remove(NarKey.Of(path));
    }

    public void Dispose() => _places.Dispose();

    private static bool IsSmall(ValidPathInfo path) => path.Info.NarSize <= SmallNar;

    private OpenNar Open(ValidPathInfo path, byte[] root, IndexedNar nar, CapturedNar? captured) =>
        new(this, path, root, nar, captured, _readAhead);

    // Others may be waiting for it, so it goes on when the one who asked first has gone.
    private async Task<OpenNar> ReadAsync(
        NarKey key, ValidPathInfo path, byte[] root, bool isWhole, TaskCompletionSource<IndexedNar> mine)
    {
        try
        {
            return await ReadInTurnAsync(path, root, isWhole, mine);
        }
        catch (Exception exception)
        {
            mine.SetException(exception);
            // Looked at, for the case that nobody else waits for it.
            _ = mine.Task.Exception;
            throw;
        }
        finally
        {
            _underWay.TryRemove(KeyValuePair.Create(key, mine));
        }
    }

    private async Task<OpenNar> ReadInTurnAsync(
        ValidPathInfo path, byte[] root, bool isWhole, TaskCompletionSource<IndexedNar> mine)
    {
        if (!await _places.WaitAsync(MaxWait))
            throw new OverloadedException("Too many store paths are being read for the first time.");
        try
        {
            // A large tree takes milliseconds of system calls, which would hold up the other connections of the calling thread.
            return await Task.Run(() => Read(path, root, isWhole, mine));
        }
        finally
        {
            _places.Release();
        }
    }

    private OpenNar Read(ValidPathInfo path, byte[] root, bool isWhole, TaskCompletionSource<IndexedNar> mine)
    {
        TreeIdentity identity = TreeIdentity.Of(root);
        long size = (long)path.Info.NarSize;
        bool isCaptured = IsSmall(path) || (isWhole && size <= MaxCapture);
        CapturedNar? captured = isCaptured ? CapturedNar.TryRead(root, size, MaxCaptureTime, _captures) : null;
        try
        {
            bool isVerified = captured is not null || (_verified.TryGet(NarKey.Of(path), out VerifiedTree? known) && known.Identity == identity);
            IndexedNar nar = new(captured?.Index ?? NarIndex.Build(root, CancellationToken.None), identity, isVerified);
            if (TreeIdentity.Of(root) != identity)
                throw new IOException("its files were replaced while they were read");
            if (captured is not null)
                Verify(path, identity, captured.Hash);
            Keep(path, nar, captured);
            OpenNar opened = Open(path, root, nar, captured);
            mine.SetResult(nar);
            return opened;
        }
        catch
        {
            captured?.Dispose();
            throw;
        }
    }

    private void Keep(ValidPathInfo path, IndexedNar nar, CapturedNar? captured)
    {
        // One of another size is of no use, and the files below a root can be mended without a trace at the root.
        if (nar.Index.NarSize != (long)path.Info.NarSize)
            return;
        _indexes.Set(NarKey.Of(path), nar, nar.Index.EstimatedBytes);
        if (captured is not null && IsSmall(path))
            _small.Set(NarKey.Of(path), captured.ToArray(), nar.Index.NarSize);
    }

    private void Verify(ValidPathInfo path, TreeIdentity identity, NarHash actual)
    {
        if (actual != path.Info.NarHash)
            throw _corrupt.Add(path, identity, actual);
        _verified.Set(NarKey.Of(path), new VerifiedTree(identity), Unsafe.SizeOf<NarKey>() + Unsafe.SizeOf<TreeIdentity>());
    }

    private sealed record VerifiedTree(TreeIdentity Identity);
}
