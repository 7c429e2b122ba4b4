namespace Harmonia.Cache.Metrics;

/// <summary>Figures since the start, for the landing page and the metrics. Any thread may read and count.</summary>
public sealed class CacheStatistics(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private readonly long[] _lookups = new long[Enum.GetValues<LookupOutcome>().Length];
    private long _requests;
    private long _narInfoHits;
    private long _narInfoMisses;
    private volatile int _corruptPaths;
    private volatile bool _isWatched;

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

    /// <summary>Whether the daemon announces changes now.</summary>
    public bool IsWatched
    {
        get => _isWatched;
        set => _isWatched = value;
    }

    /// <summary>The share of hits among narinfo requests, from 0 to 1; null before the first request.</summary>
    public double? HitRate => (NarInfoHits, NarInfoMisses) switch
    {
        (0, 0) => null,
        (long hits, long misses) => (double)hits / (hits + misses),
    };

    /// <summary>The number of lookups by hash part.</summary>
    public long Lookups
    {
        get
        {
            long total = 0;
            foreach (ref long count in _lookups.AsSpan())
                total += Interlocked.Read(ref count);
            return total;
        }
    }

    /// <summary>The number of lookups by hash part that were answered in this way.</summary>
    public long this[LookupOutcome outcome] => Interlocked.Read(ref _lookups[(int)outcome]);

    /// <summary>Counts a lookup by hash part.</summary>
    public void Count(LookupOutcome outcome) => Interlocked.Increment(ref _lookups[(int)outcome]);

    /// <summary>Counts a finished request. Its client may have read only a part of the response.</summary>
    public void RequestEnded() => Interlocked.Increment(ref _requests);

    public void NarInfoAnswered(bool found) => Interlocked.Increment(ref found ? ref _narInfoHits : ref _narInfoMisses);
}
