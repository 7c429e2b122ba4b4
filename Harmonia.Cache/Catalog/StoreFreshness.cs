using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Tells whether an answer of the daemon still holds. It does if no change that may concern it was announced since the question, and
/// either the answer is younger than the maximum age, or announcements are complete up to a moment that is. So no answer holds for
/// longer than the maximum age after it has become wrong, even if the daemon announces nothing or is gone. Thread-safe.
/// </summary>
/// <param name="maxAge">The maximum age; with zero no answer holds.</param>
/// <param name="time">The clock.</param>
public sealed class StoreFreshness(TimeSpan maxAge, TimeProvider time)
{
    // Hash parts share counters: a change of one path also expires the answers of others with the same counter.
    private const int Counters = 4096;

    private readonly long[] _changes = new long[Counters];
    private readonly long _maxAge = (long)(maxAge.TotalSeconds * time.TimestampFrequency);
    private long _completeUntil = long.MinValue / 2;

    /// <summary>The stamp for a question; take it before asking.</summary>
    public AnswerStamp Stamp(StorePathHash hash) => new(Volatile.Read(ref Counter(hash)), time.GetTimestamp());

    /// <summary>Whether the answer to a question with this stamp still holds.</summary>
    public bool Holds(StorePathHash hash, AnswerStamp stamp)
    {
        // In this order: a change announced after the age was read does not concern this answer.
        long newest = Math.Max(stamp.Time, Volatile.Read(ref _completeUntil));
        return time.GetTimestamp() - newest < _maxAge && stamp.Changes == Volatile.Read(ref Counter(hash));
    }

    /// <summary>Records that the paths with these hash parts have changed; null means that any path may have.</summary>
    public void Changed(IReadOnlyList<StorePathHash>? hashParts)
    {
        if (hashParts is null)
        {
            for (int i = 0; i < Counters; i++)
                Interlocked.Increment(ref _changes[i]);
        }
        else
        {
            foreach (StorePathHash hashPart in hashParts)
                Interlocked.Increment(ref Counter(hashPart));
        }
    }

    /// <summary>Records that all changes up to this time stamp have been announced.</summary>
    public void CompleteUntil(long time) => Volatile.Write(ref _completeUntil, time);

    private ref long Counter(StorePathHash hash) => ref _changes[(uint)hash.GetHashCode() % Counters];
}
