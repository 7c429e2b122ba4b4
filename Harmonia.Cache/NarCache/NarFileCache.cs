using System.Collections.Concurrent;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// Keeps NARs compressed by zstd in files, and makes them when they are asked for. The bytes for a NAR are always the same, as long as
/// the level and libzstd are: a file that is gone is made again byte for byte. One that was made before they changed stays as it is.
/// </summary>
public sealed class NarFileCache : IAsyncDisposable
{
    // More cores would compress faster, but each takes the memory of a frame.
    private const int MaxWorkers = 8;

    // Each holds a frame for as long as its client takes for it.
    private const int MaxDirect = 8;

    private readonly NarCacheOptions _options;
    private readonly NarCacheDirectory _directory;
    private readonly StoredNars _stored;
    private readonly FrameMaker _frames;
    private readonly CompressionJobs _makings;
    private readonly NarCacheMetrics _metrics;
    private readonly SemaphoreSlim _direct = new(MaxDirect);
    private readonly ConcurrentDictionary<NarHash, Lazy<Task<bool>>> _looks = new();

    /// <summary>Takes over what the directory has.</summary>
    /// <exception cref="IOException">The directory cannot be used, or another process uses it.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory belongs to somebody else.</exception>
    public NarFileCache(NarCacheOptions options, NarCacheMetrics metrics, TimeProvider time, ILogger<NarFileCache> logger)
    {
        (_options, _metrics) = (options, metrics);
        _directory = new NarCacheDirectory(options.Directory);
        _stored = new StoredNars(_directory, options.MaxSize, metrics, time, logger);
        _frames = new FrameMaker(options.Level, Math.Min(Environment.ProcessorCount, MaxWorkers));
        _makings = new CompressionJobs(_directory, _stored, _frames, metrics, time, logger);
    }

    /// <summary>What is stored of a NAR; null for nothing.</summary>
    public StoredNar? Find(NarHash hash)
    {
        if (!TryFind(hash, out StoredNar? nar))
            _stored.Use(hash);
        return nar;
    }

    /// <summary>What <see cref="Find"/> finds, without waiting. False when that would have to note a use, which may take waiting for a file.</summary>
    public bool TryFind(NarHash hash, out StoredNar? nar) => _stored.TryFind(hash, out nar);

    /// <summary>Opens a stored file; null when it is gone by now, which a new making mends.</summary>
    public SafeFileHandle? Open(StoredNar nar)
    {
        SafeFileHandle? file = _stored.Open(nar);
        if (file is not null)
            _metrics.Hit();
        return file;
    }

    /// <summary>What the tag of a NAR's compressed bytes says of them, if they are made now.</summary>
    public string Recipe => _frames.Recipe;

    /// <summary>Whether a NAR is not worth compressing: known, or found out by a look at it, and then remembered.</summary>
    public async Task<bool> IsIncompressibleAsync(NarSource source)
    {
        if (Find(source.Hash) is { } known)
            return known.IsIncompressible;
        if (_makings.IsActive(source.Hash))
            return false;
        // Many may ask for a new NAR at once; one look is enough for all.
        Task<bool> look = _looks.GetOrAdd(source.Hash, _ => new Lazy<Task<bool>>(() => Task.Run(() => LookAt(source)))).Value;
        try
        {
            return await look;
        }
        finally
        {
            _looks.TryRemove(source.Hash, out _);
        }
    }

    /// <summary>Whether a NAR would be stored at all.</summary>
    public bool CanStore(NarSource source) => source.Size <= _options.MaxSize && _makings.CanStore;

    /// <summary>Takes part in the making of a NAR's file, which begins if it has not yet. Null when too many wait.</summary>
    public CompressionJob? Join(NarSource source) => _makings.Join(source);

    /// <summary>Compresses a NAR without storing it: the same bytes, given away frame by frame.</summary>
    /// <param name="source">The NAR.</param>
    /// <param name="take">Gets each frame, and whether it is the last; the next one waits for it.</param>
    /// <param name="cancellationToken">Ends it between two frames.</param>
    /// <returns>False when too many do so already, and nothing was given.</returns>
    /// <exception cref="IOException">The files cannot be read, or are not what they should be. The last frame was not given then.</exception>
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
        await _makings.DisposeAsync();
        _frames.Dispose();
        _direct.Dispose();
        _directory.Dispose();
    }

    private bool LookAt(NarSource source)
    {
        bool isIncompressible = Compressibility.IsLacking(source, _options.Level);
        if (isIncompressible)
            _stored.MarkIncompressible(source.Hash);
        return isIncompressible;
    }
}
