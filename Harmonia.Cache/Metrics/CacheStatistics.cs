namespace Harmonia.Cache.Metrics;

/// <summary>What the cache has done since it started, in the few figures that people read. Any thread may read and count.</summary>
public sealed class CacheStatistics(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _requests;
    private long _bytesSent;
    private long _narInfoHits;
    private long _narInfoMisses;
    private volatile int _corruptPaths;

    /// <summary>How lookups by hash part were answered.</summary>
    public LookupStatistics Lookups { get; } = new();

    public TimeSpan Uptime => time.GetElapsedTime(_started);

    /// <summary>Requests answered, of every kind and with every status.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Bytes of response bodies.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Narinfos asked for that the store has.</summary>
    public long NarInfoHits => Interlocked.Read(ref _narInfoHits);

    /// <summary>Narinfos asked for that the store lacks.</summary>
    public long NarInfoMisses => Interlocked.Read(ref _narInfoMisses);

    /// <summary>Paths that are out of service because their files are not what the database says.</summary>
    public int Quarantine
    {
        get => _corruptPaths;
        set => _corruptPaths = value;
    }

    /// <summary>The share of narinfos asked for that the store has, from 0 to 1; null before the first.</summary>
    public double? HitRate => (NarInfoHits, NarInfoMisses) switch
    {
        (0, 0) => null,
        (long hits, long misses) => (double)hits / (hits + misses),
    };

    /// <summary>A request has its whole answer, or as much of it as its client took.</summary>
    public void RequestEnded(long bytesSent)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytesSent, bytesSent);
    }

    public void NarInfoAnswered(bool found) => Interlocked.Increment(ref found ? ref _narInfoHits : ref _narInfoMisses);
}
