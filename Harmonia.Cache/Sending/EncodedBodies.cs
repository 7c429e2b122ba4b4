using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Sending;

/// <summary>A body that is kept in memory, with the coded forms of it that were asked for. Each is made once. Any thread may use it.</summary>
/// <param name="plain">The body as it is.</param>
/// <param name="grown">Hears that there is one more form.</param>
public sealed class EncodedBodies(MemoryBody plain, Action grown)
{
    /// <summary>More than the number of any coding that a form can have.</summary>
    public const int Forms = (int)ContentCoding.Gzip + 1;

    private readonly MemoryBody?[] _coded = new MemoryBody?[Forms];

    /// <summary>The body as it is.</summary>
    public MemoryBody Plain => plain;

    /// <summary>How many forms there are, the body as it is being one.</summary>
    public int Count => 1 + _coded.Count(form => form is not null);

    /// <summary>The bytes of all forms.</summary>
    public long Bytes => plain.Length + _coded.Sum(form => (long)(form?.Length ?? 0));

    /// <summary>The form in a coding; null while nobody has made it.</summary>
    public MemoryBody? In(ContentCoding coding) => coding == ContentCoding.Identity ? plain : Volatile.Read(ref _coded[(int)coding]);

    /// <summary>Keeps a form that was made; of two that were made at the same time the first is kept.</summary>
    public MemoryBody Keep(ContentCoding coding, ReadOnlySpan<byte> bytes)
    {
        MemoryBody form = MemoryBody.Keep(bytes);
        if (Interlocked.CompareExchange(ref _coded[(int)coding], form, null) is { } first)
            return first;
        grown();
        return form;
    }
}
