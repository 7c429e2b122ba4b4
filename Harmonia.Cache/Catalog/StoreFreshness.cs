using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Tells whether an answer of the daemon still holds: if no change that may concern it was announced since it was asked for, and
/// either the announcements are complete up to less than the greatest age ago, or the answer is younger than that. So no answer
/// holds for longer than the greatest age after it has become wrong, even if the daemon announces nothing, or says nothing any more.
/// Any thread may ask.
/// </summary>
/// <param name="maxAge">The greatest age; zero lets no answer hold.</param>
/// <param name="time">The clock.</param>
public sealed class StoreFreshness(TimeSpan maxAge, TimeProvider time)
{
    // Hash parts share counters: a path is asked for again, without need, when another one with its counter has changed.
    private const int Counters = 4096;

    private readonly long[] _changes = new long[Counters];
    private readonly long _maxAge = (long)(maxAge.TotalSeconds * time.TimestampFrequency);
    private long _completeUntil = long.MinValue / 2;

    /// <summary>To be taken before the question is asked.</summary>
    public AnswerStamp Stamp(StorePathHash hash) => new(Volatile.Read(ref Counter(hash)), time.GetTimestamp());

    /// <summary>Whether the answer to a question with this stamp still holds.</summary>
    public bool Holds(StorePathHash hash, AnswerStamp stamp)
    {
        // In this order: what is announced after the age was looked at is of no concern to this answer.
        long newest = Math.Max(stamp.Time, Volatile.Read(ref _completeUntil));
        return time.GetTimestamp() - newest < _maxAge && stamp.Changes == Volatile.Read(ref Counter(hash));
    }

    /// <summary>Notes that paths have changed, or, with null, that any may have.</summary>
    public void Changed(IReadOnlyList<StorePath>? paths)
    {
        if (paths is null)
        {
            for (int i = 0; i < Counters; i++)
                Interlocked.Increment(ref _changes[i]);
        }
        else
        {
            foreach (StorePath path in paths)
                Interlocked.Increment(ref Counter(path.Hash));
        }
    }

    /// <summary>Notes that all changes up to this time stamp have been announced.</summary>
    public void CompleteUntil(long time) => Volatile.Write(ref _completeUntil, time);

    private ref long Counter(StorePathHash hash) => ref _changes[(uint)hash.GetHashCode() % Counters];
}
