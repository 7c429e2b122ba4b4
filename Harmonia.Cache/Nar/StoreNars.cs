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
/// The NARs of the store. The first request for a NAR reads it; its index is then cached, and small NARs are cached whole. A cached index
/// holds as long as the database has the same hash for the path and its root is the same file, a whole NAR as long as the database has
/// that hash.
/// </summary>
public sealed class StoreNars : IDisposable
{
    /// <summary>A NAR of at most this many bytes is cached whole.</summary>
    public const long SmallNar = 64 * 1024;

    // How much is read before the first byte is sent: for one NAR, and for all together.
    private const long MaxCapture = 32L << 20;
    private const long MaxCaptures = 64L << 20;
    private const long MaxReadAhead = 16L << 20;

    // A slower disk serves parallel readers faster than this single one. What was read is in the page cache by then.
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
    private readonly PageCacheNar _pageCache = new();

    /// <param name="files">The files of the store.</param>
    /// <param name="corrupt">Takes the paths whose files are corrupt.</param>
    /// <param name="indexCapacity">Bytes for indexes.</param>
    /// <param name="smallCapacity">Bytes for whole NARs.</param>
    /// <param name="maxReadings">How many trees may be read for the first time at once.</param>
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

    /// <summary>The whole NAR of a path, if it is small and cached. It is right whatever happened to the files, since its hash is.</summary>
    public bool TryGetSmall(NarKey key, [NotNullWhen(true)] out byte[]? nar) => _small.TryGet(key, out nar);

    /// <summary>The index of a NAR whose files had the right hash. It is right whatever happened to the files since.</summary>
    public bool TryGetVerified(NarKey key, [NotNullWhen(true)] out NarIndex? index)
    {
        index = _indexes.TryGet(key, out IndexedNar? nar) && nar.IsVerified ? nar.Index : null;
        return index is not null;
    }

    /// <summary>
    /// Reads a part of up to <see cref="SmallNar"/> bytes, if its index and all the files that it needs are in memory. It never waits for a
    /// disk. False where <see cref="OpenAsync"/> is needed. A whole NAR has the right hash.
    /// </summary>
    public bool TryReadCached(PathRecord path, ByteRange part, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        NarKey key = new(StorePathHash.FromBytes(path.HashBytes), path.NarHash);
        if (part.Length > SmallNar || _pageCache.IsUnsupported || !_indexes.TryGet(key, out IndexedNar? nar)
            || (ulong)nar.Index.NarSize != path.NarSize)
        {
            return false;
        }

        byte[] read = GC.AllocateUninitializedArray<byte>((int)part.Length);
        if (!_pageCache.TryRead(nar.Index, nar.Identity, _files.NameOf(path.ToPath()), part.Offset, read))
            return false;
        if (part.Length == nar.Index.NarSize)
        {
            // The identity of a file tells that it has not changed. That of a directory tells nothing about the files below it.
            bool isKnown = nar.IsVerified && nar.Index.Count == 1;
            if (!isKnown && NarHash.Of(read) != path.NarHash)
                return false;
            _small.TryAdd(key, read, read.Length);
        }

        bytes = read;
        return true;
    }

    /// <summary>
    /// Opens the NAR of a path; the caller disposes it. Its size is that of the files, which may differ from the database.
    /// </summary>
    /// <param name="path">The path as the database has it.</param>
    /// <param name="isWhole">Whether the whole NAR will be written.</param>
    /// <param name="cancellationToken">Ends the wait for another reader.</param>
    /// <exception cref="IOException">The files are missing, can't be read, or differ from the database.</exception>
    /// <exception cref="OverloadedException">Too many trees are being read.</exception>
    public async ValueTask<OpenNar> OpenAsync(ValidPathInfo path, bool isWhole, CancellationToken cancellationToken)
    {
        NarKey key = NarKey.Of(path);
        byte[] root = _files.NameOf(path.Path);
        while (true)
        {
            TreeIdentity identity = TreeIdentity.Of(root);
            // A small NAR that will be sent is read again, to be cached whole.
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

    /// <summary>Records that the hash of a NAR is right, or puts its path into quarantine.</summary>
    /// <exception cref="CorruptNarException">The hash differs from the database.</exception>
    internal void Verify(ValidPathInfo path, IndexedNar nar, NarHasher hasher)
    {
        Span<byte> bytes = stackalloc byte[NarHash.ByteLength];
        hasher.Finish(bytes);
        Verify(path, nar.Identity, NarHash.FromBytes(bytes));
        nar.SetVerified();
    }

    /// <summary>Removes what is cached about the files of a path that turned out to be wrong.</summary>
    internal void Forget(ValidPathInfo path)
    {
        _indexes.Remove(NarKey.Of(path));
        _verified.Remove(NarKey.Of(path));
    }

    public void Dispose() => _places.Dispose();

    private static bool IsSmall(ValidPathInfo path) => path.Info.NarSize <= SmallNar;

    private OpenNar Open(ValidPathInfo path, byte[] root, IndexedNar nar, CapturedNar? captured) =>
        new(this, path, root, nar, captured, _readAhead);

    // Other requests may wait for it, so it continues when the first one is canceled.
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
            // Observed here, because nobody else may be waiting for it.
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
            // A large tree takes milliseconds of system calls, which would block the other connections of the calling thread.
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
        // An index with another size is useless, and files below a root can be repaired without a trace at the root.
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
