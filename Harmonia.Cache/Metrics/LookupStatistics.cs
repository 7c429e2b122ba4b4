namespace Harmonia.Cache.Metrics;

/// <summary>Counts lookups by hash part, since the start, by how they were answered. Any thread may read and count.</summary>
public sealed class LookupStatistics
{
    private readonly long[] _counts = new long[Enum.GetValues<LookupOutcome>().Length];
    private volatile bool _isWatched;

    /// <summary>Whether the daemon announces changes now.</summary>
    public bool IsWatched
    {
        get => _isWatched;
        set => _isWatched = value;
    }

    /// <summary>How many there were.</summary>
    public long Total
    {
        get
        {
            long total = 0;
            foreach (ref long count in _counts.AsSpan())
                total += Interlocked.Read(ref count);
            return total;
        }
    }

    public void Count(LookupOutcome outcome) => Interlocked.Increment(ref _counts[(int)outcome]);

    public long this[LookupOutcome outcome] => Interlocked.Read(ref _counts[(int)outcome]);
}
