namespace Harmonia.Cache.Metrics;

/// <summary>Durations of one kind, counted by buckets. Any thread records; recording allocates nothing and takes no lock.</summary>
public sealed class HistogramCell
{
    private readonly long[] _bounds;
    private readonly long[] _counts;
    private long _sum;

    /// <param name="bounds">The buckets' upper bounds in seconds, ascending; the last bucket, without a bound, is added.</param>
    public HistogramCell(ReadOnlySpan<double> bounds)
    {
        _bounds = new long[bounds.Length];
        for (int bucket = 0; bucket < bounds.Length; bucket++)
            _bounds[bucket] = TimeSpan.FromSeconds(bounds[bucket]).Ticks;
        _counts = new long[bounds.Length + 1];
    }

    /// <summary>All that has been recorded.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            for (int bucket = 0; bucket < _counts.Length; bucket++)
                count += Interlocked.Read(ref _counts[bucket]);
            return count;
        }
    }

    /// <summary>The sum of what has been recorded.</summary>
    public TimeSpan Sum => new(Interlocked.Read(ref _sum));

    public void Record(TimeSpan duration)
    {
        int bucket = 0;
        while (bucket < _bounds.Length && duration.Ticks > _bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _sum, duration.Ticks);
    }

    /// <summary>How many durations were no longer than each bound; the last number counts all. Never falls from one to the next.</summary>
    public long[] Cumulate()
    {
        long[] cumulated = new long[_counts.Length];
        long count = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
            cumulated[bucket] = count += Interlocked.Read(ref _counts[bucket]);
        return cumulated;
    }
}
