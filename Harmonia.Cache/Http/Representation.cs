namespace Harmonia.Cache.Http;

/// <summary>What is there to be sent, as it is before any content coding.</summary>
public readonly record struct Representation
{
    private const int SmallestText = 1024;

    public required string ContentType { get; init; }

    public BodyKind Kind { get; init; }

    /// <summary>The tag of the bytes as they are; null for what need not be compared.</summary>
    public EntityTag? Tag { get; init; }

    /// <summary>The coding that the bytes are in already.</summary>
    public ContentCoding Coding { get; init; }

    public string? CacheControl { get; init; }

    /// <summary>Bytes in the body; null if that is not known before it has been written.</summary>
    public long? Size { get; init; }

    /// <summary>Whether parts of it can be asked for, which takes a tag and a size.</summary>
    public bool AcceptsRanges { get; init; }

    /// <summary>The codings that it is offered in, besides as it is. They depend on nothing that changes while the cache runs.</summary>
    public ContentCoding Offered => Kind switch
    {
        BodyKind.Nar => ContentCoding.Zstd,
        BodyKind.Text when Size is not < SmallestText => ContentCodings.All,
        _ => ContentCoding.Identity,
    };

    /// <summary>Headers that every response about it has.</summary>
    public IReadOnlyList<HeaderLine>? Others { get; init; }
}
