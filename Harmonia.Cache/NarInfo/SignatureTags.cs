namespace Harmonia.Cache.NarInfo;

/// <summary>
/// A byte in memory for each slot of a <see cref="SignatureFile"/>, so that most signatures that are not there are known not to be without
/// reading the file. A bucket that was written before the file was opened is unknown until it is written again. Any number of threads may
/// read while one writes.
/// </summary>
internal sealed class SignatureTags
{
    // A hundredth of the file. The buckets of a larger file stay unknown.
    private const long MaxLength = 16L << 20;

    private const byte Free = 0;

    private readonly byte[] _tags;
    private readonly bool[] _isKnown;

    /// <param name="buckets">The number of buckets.</param>
    /// <param name="isNew">Whether no bucket has an entry.</param>
    public SignatureTags(long buckets, bool isNew)
    {
        bool fit = buckets * SignatureBucket.Slots <= MaxLength;
        _tags = new byte[fit ? buckets * SignatureBucket.Slots : 0];
        _isKnown = new bool[fit ? buckets : 0];
        if (isNew)
            Array.Fill(_isKnown, true);
    }

    /// <summary>Whether the bucket may have an entry with this id. False is certain.</summary>
    public bool MayHave(long bucket, ReadOnlySpan<byte> id) => !IsKnown(bucket) || TagsOf(bucket).Contains(TagOf(id));

    /// <summary>A free slot for an entry; -1 if only the bucket tells where it belongs.</summary>
    public int FreeSlotFor(long bucket, ReadOnlySpan<byte> id) => MayHave(bucket, id) ? -1 : TagsOf(bucket).IndexOf(Free);

    /// <summary>An entry was written.</summary>
    public void Set(long bucket, int slot, ReadOnlySpan<byte> id)
    {
        if (IsKnown(bucket))
            TagsOf(bucket)[slot] = TagOf(id);
    }

    /// <summary>The content of a bucket was read.</summary>
    public void Learn(long bucket, ReadOnlySpan<byte> content)
    {
        if (bucket >= _isKnown.Length)
            return;
        for (int slot = 0; slot < SignatureBucket.Slots; slot++)
        {
            ReadOnlySpan<byte> entry = content.Slice(slot * SignatureBucket.EntryLength, SignatureBucket.EntryLength);
            TagsOf(bucket)[slot] = entry.ContainsAnyExcept((byte)0) ? TagOf(entry) : Free;
        }

        // Last: readers look at the tags only of a bucket that is known.
        Volatile.Write(ref _isKnown[bucket], true);
    }

    private bool IsKnown(long bucket) => bucket < _isKnown.Length && Volatile.Read(ref _isKnown[bucket]);

    private Span<byte> TagsOf(long bucket) => _tags.AsSpan((int)bucket * SignatureBucket.Slots, SignatureBucket.Slots);

    // The first bytes of an id select its bucket.
    private static byte TagOf(ReadOnlySpan<byte> id) => Math.Max(id[SignatureBucket.IdLength - 1], (byte)1);
}
