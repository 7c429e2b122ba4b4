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
    // Hash parts share counters: a change of one path also expires the answers under way to questions for others with the same counter.
    private const int Counters = 4096;

    // A stamp counts sixteenths of a second in 32 bits, which last for eight years.
    private const int UnitsPerSecond = 16;

    private readonly long[] _changes = new long[Counters];
    private readonly long _maxAge = (long)(maxAge.TotalSeconds * time.TimestampFrequency);
    private readonly long _unit = Math.Max(1, time.TimestampFrequency / UnitsPerSecond);
    private readonly long _start = time.GetTimestamp();
    private long _everything;
    private long _completeUntil = long.MinValue / 2;

    /// <summary>Called for each path that has changed, before the change counts as announced: what is remembered of it must be forgotten.</summary>
    public Action<StorePathHash>? PathChanged { get; set; }

    /// <summary>Whether announcements are complete, so that an answer can hold for longer than the maximum age.</summary>
    public bool IsAnnounced => time.GetTimestamp() - Volatile.Read(ref _completeUntil) < _maxAge;

    /// <summary>The stamp for a question; take it before asking.</summary>
    public AnswerStamp Stamp(StorePathHash hash)
    {
        // Rounded down: an answer may count as older than it is.
        uint units = (uint)((time.GetTimestamp() - _start) / _unit);
        return new AnswerStamp(Volatile.Read(ref Counter(hash)), ((ulong)(uint)Volatile.Read(ref _everything) << 32) | units);
    }

    /// <summary>Whether no change of this path was announced since the question.</summary>
    public bool IsUnchanged(StorePathHash hash, AnswerStamp stamp) => stamp.Changes == Volatile.Read(ref Counter(hash));

    /// <summary>Whether the answer to a question with this stamp still holds.</summary>
    public bool Holds(StorePathHash hash, AnswerStamp stamp) => Holds(stamp.Remembered) && IsUnchanged(hash, stamp);

    /// <summary>Whether a remembered answer still holds; it is forgotten when a change of its path is announced.</summary>
    /// <param name="remembered">What is remembered of its stamp.</param>
    public bool Holds(ulong remembered)
    {
        // In this order: a change announced after the age was read does not concern this answer.
        long asked = _start + (long)(uint)remembered * _unit;
        long newest = Math.Max(asked, Volatile.Read(ref _completeUntil));
        return time.GetTimestamp() - newest < _maxAge && (uint)(remembered >> 32) == (uint)Volatile.Read(ref _everything);
    }

    /// <summary>Records that the paths with these hash parts have changed; null means that any path may have.</summary>
    public void Changed(IReadOnlyList<StorePathHash>? hashParts)
    {
        if (hashParts is null)
        {
            Interlocked.Increment(ref _everything);
            return;
        }

        foreach (StorePathHash hashPart in hashParts)
        {
            // An answer under way is checked against the counter, so it is not remembered after this.
            Interlocked.Increment(ref Counter(hashPart));
            PathChanged?.Invoke(hashPart);
        }
    }

    /// <summary>Records that all changes up to this time stamp have been announced.</summary>
    public void CompleteUntil(long time) => Volatile.Write(ref _completeUntil, time);

    private ref long Counter(StorePathHash hash) => ref _changes[(uint)hash.GetHashCode() % Counters];
}
