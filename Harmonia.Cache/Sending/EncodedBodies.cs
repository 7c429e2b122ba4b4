using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Sending;

/// <summary>A body in memory with the encoded forms that clients have asked for. Each form is created once. Any thread may use it.</summary>
/// <param name="plain">The plain body.</param>
/// <param name="grown">Called when a form was added.</param>
public sealed class EncodedBodies(MemoryBody plain, Action grown)
{
    /// <summary>One more than the highest number of a coding.</summary>
    public const int Forms = (int)ContentCoding.Gzip + 1;

    private readonly MemoryBody?[] _coded = new MemoryBody?[Forms];

    /// <summary>The plain body.</summary>
    public MemoryBody Plain => plain;

    /// <summary>How many forms there are, including the plain one.</summary>
    public int Count => 1 + _coded.Count(form => form is not null);

    /// <summary>How many bytes all forms have.</summary>
    public long Bytes => plain.Length + _coded.Sum(form => (long)(form?.Length ?? 0));

    /// <summary>The form in a coding; null if there is none yet.</summary>
    public MemoryBody? In(ContentCoding coding) => coding == ContentCoding.Identity ? plain : Volatile.Read(ref _coded[(int)coding]);

    /// <summary>Keeps a form. If two requests create it at the same time, the first one is kept.</summary>
    public MemoryBody Keep(ContentCoding coding, ReadOnlySpan<byte> bytes)
    {
        MemoryBody form = MemoryBody.Keep(bytes);
        if (Interlocked.CompareExchange(ref _coded[(int)coding], form, null) is { } first)
            return first;
        grown();
        return form;
    }
}
