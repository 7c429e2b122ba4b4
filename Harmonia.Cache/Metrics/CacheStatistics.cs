namespace Harmonia.Cache.Metrics;

/// <summary>The figures that the landing page shows, since the start. Any thread may read and count.</summary>
public sealed class CacheStatistics(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _requests;
    private long _narInfoHits;
    private long _narInfoMisses;
    private volatile int _corruptPaths;

    /// <summary>How lookups by hash part were answered.</summary>
    public LookupStatistics Lookups { get; } = new();

    public TimeSpan Uptime => time.GetElapsedTime(_started);

    /// <summary>The number of requests answered, with any status.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>The number of narinfo requests for paths that the store has.</summary>
    public long NarInfoHits => Interlocked.Read(ref _narInfoHits);

    /// <summary>The number of narinfo requests for paths that the store lacks.</summary>
    public long NarInfoMisses => Interlocked.Read(ref _narInfoMisses);

    /// <summary>The number of paths that are out of service because their files do not match the database.</summary>
    public int Quarantine
    {
        get => _corruptPaths;
        set => _corruptPaths = value;
    }

    /// <summary>The share of hits among narinfo requests, from 0 to 1; null before the first request.</summary>
    public double? HitRate => (NarInfoHits, NarInfoMisses) switch
    {
        (0, 0) => null,
        (long hits, long misses) => (double)hits / (hits + misses),
    };

    /// <summary>Counts a finished request. Its client may have read only a part of the response.</summary>
    public void RequestEnded() => Interlocked.Increment(ref _requests);

    public void NarInfoAnswered(bool found) => Interlocked.Increment(ref found ? ref _narInfoHits : ref _narInfoMisses);
}
