using System.Collections.Concurrent;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// Keeps NARs in files, compressed by zstd, and creates a file when a client asks for it. The same NAR, level and version of zstd always give the
/// same bytes: a file that is gone is created again byte for byte. A file from before a change of level or version stays as it is.
/// </summary>
public sealed class NarFileCache : IAsyncDisposable
{
    // More workers would compress faster, but each takes the memory of a frame.
    private const int MaxWorkers = 8;

    // Each holds a frame until its client has read it.
    private const int MaxDirect = 8;

    private readonly NarCacheOptions _options;
    private readonly NarCacheDirectory _directory;
    private readonly StoredNars _stored;
    private readonly FrameMaker _frames;
    private readonly CompressionJobs _jobs;
    private readonly NarCacheMetrics _metrics;
    private readonly SemaphoreSlim _direct = new(MaxDirect);
    private readonly ConcurrentDictionary<NarHash, Lazy<Task<bool>>> _checks = new();

    /// <summary>Opens the directory with the files that it has.</summary>
    /// <exception cref="IOException">The directory cannot be used, or another process uses it.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory belongs to another user.</exception>
    public NarFileCache(NarCacheOptions options, NarCacheMetrics metrics, TimeProvider time, ILogger<NarFileCache> logger)
    {
        (_options, _metrics) = (options, metrics);
        _directory = new NarCacheDirectory(options.Directory);
        _stored = new StoredNars(_directory, options.MaxSize, metrics, time, logger);
        _frames = new FrameMaker(options.Level, Math.Min(Environment.ProcessorCount, MaxWorkers));
        _jobs = new CompressionJobs(_directory, _stored, _frames, metrics, time, logger);
    }

    /// <summary>The stored form of a NAR; null if there is none.</summary>
    public StoredNar? Find(NarHash hash)
    {
        if (!TryFind(hash, out StoredNar? nar))
            _stored.Use(hash);
        return nar;
    }

    /// <summary>Does what <see cref="Find"/> does, without waiting. False if a use must be noted, which may have to wait for a file.</summary>
    public bool TryFind(NarHash hash, out StoredNar? nar) => _stored.TryFind(hash, out nar);

    /// <summary>Opens a stored file; null if it is gone. A new compression job replaces it then.</summary>
    public SafeFileHandle? Open(StoredNar nar)
    {
        SafeFileHandle? file = _stored.Open(nar);
        if (file is not null)
            _metrics.Hit();
        return file;
    }

    /// <summary>The part of the entity tag that names the compressed bytes of files created now.</summary>
    public string Recipe => _frames.Recipe;

    /// <summary>Whether a NAR is not worth compressing. The first call for a NAR checks samples of it, and the result is remembered.</summary>
    public async Task<bool> IsIncompressibleAsync(NarSource source)
    {
        if (Find(source.Hash) is { } known)
            return known.IsIncompressible;
        if (_jobs.IsActive(source.Hash))
            return false;
        // Many clients may ask for a new NAR at once; one check is enough for all.
        Task<bool> check = _checks.GetOrAdd(source.Hash, _ => new Lazy<Task<bool>>(() => Task.Run(() => Check(source)))).Value;
        try
        {
            return await check;
        }
        finally
        {
            _checks.TryRemove(source.Hash, out _);
        }
    }

    /// <summary>Whether a NAR can be stored.</summary>
    public bool CanStore(NarSource source) => source.Size <= _options.MaxSize && _jobs.CanStore;

    /// <summary>Joins the compression job of a NAR, and starts one if there is none. Null if too many are waiting.</summary>
    public CompressionJob? Join(NarSource source) => _jobs.Join(source);

    /// <summary>Compresses a NAR into the same bytes without storing them, and gives them away frame by frame.</summary>
    /// <param name="source">The NAR.</param>
    /// <param name="take">Gets each frame, and whether it is the last one. The next frame waits for it.</param>
    /// <param name="cancellationToken">Ends the work between two frames.</param>
    /// <returns>False if too many clients get such a stream already; no frame was given then.</returns>
    /// <exception cref="IOException">The files cannot be read, or differ from the database. The last frame was not given then.</exception>
    internal async Task<bool> TryStreamAsync(NarSource source, Func<Frame, bool, Task> take, CancellationToken cancellationToken)
    {
        if (!await _direct.WaitAsync(TimeSpan.Zero, cancellationToken))
            return false;
        try
        {
            _metrics.Streamed();
            await _frames.RunAsync(source, ahead: 1, take, cancellationToken);
            return true;
        }
        finally
        {
            _direct.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync();
        _frames.Dispose();
        _direct.Dispose();
        _directory.Dispose();
    }

    private bool Check(NarSource source)
    {
        bool isIncompressible = Compressibility.IsLacking(source, _options.Level);
        if (isIncompressible)
            _stored.MarkIncompressible(source.Hash);
        return isIncompressible;
    }
}
