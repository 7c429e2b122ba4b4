using Harmonia.Cache.Http;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>A narinfo and the responses that send it.</summary>
public sealed class PreparedNarInfo
{
    // The objects of the signatures, of this, of its bodies, and of its strings.
    private const int Fixed = 850;
    private const int OfHead = 550;
    private const int OfSignature = 250;

    private readonly PreparedResponse?[] _responses = new PreparedResponse?[MemoryBody.MaxForms];

    /// <param name="signed">Its fields.</param>
    /// <param name="keys">The keys that signed it.</param>
    /// <param name="stored">The stored NAR that it names; null for none.</param>
    /// <param name="grown">Called when <see cref="Bytes"/> has grown.</param>
    public PreparedNarInfo(SignedNarInfo signed, IReadOnlyList<SecretKey> keys, StoredNar? stored, Action<PreparedNarInfo> grown)
    {
        (Signed, Keys, Stored, Url) = (signed, keys, stored, signed.Url);
        ReadOnlyMemory<byte> text = NarInfoText.Render(signed);
        Body = MemoryBody.Cached(text.Span, () => grown(this));
        Representation = Representing(ContentTypes.NarInfo, text) with { Others = [new HeaderLine("Nix-Link", Url)] };
    }

    /// <summary>Its fields.</summary>
    public SignedNarInfo Signed { get; }

    /// <summary>The keys that signed it.</summary>
    public IReadOnlyList<SecretKey> Keys { get; }

    /// <summary>The stored NAR that it names; null for none.</summary>
    public StoredNar? Stored { get; }

    /// <summary>Where its NAR is, relative to the cache's root.</summary>
    public string Url { get; }

    /// <summary>The text, and its encoded forms that were asked for.</summary>
    public MemoryBody Body { get; }

    /// <summary>What the body's headers are made of.</summary>
    public Representation Representation { get; }

    /// <summary>An upper estimate of its memory, without the path info, which the catalog caches.</summary>
    public long Bytes => Fixed + OfHead * Body.Forms + Body.Bytes + OfSignature * Signed.Signatures.Count;

    /// <summary>The response to a request, made once for each coding; null while the text is not there in that coding.</summary>
    /// <param name="selection">What the request gets.</param>
    public PreparedResponse? Respond(in Selection selection)
    {
        if (selection.Result != SelectionResult.Whole)
            return PreparedResponse.Of(selection, default);
        ref PreparedResponse? response = ref _responses[(int)selection.Coding];
        if (response is null && Body.In(selection.Coding) is { } form && form.TryGetBytes(out ReadOnlyMemory<byte> bytes))
            response = PreparedResponse.Of(selection, bytes);
        return response;
    }

    /// <summary>What the headers of a narinfo in any format are made of.</summary>
    public static Representation Representing(string contentType, ReadOnlyMemory<byte> body) => new()
    {
        ContentType = contentType,
        Kind = BodyKind.Text,
        // The signatures are in the body and not in the NAR's hash, so the tag is of the body.
        Tag = EntityTag.OfBody(body.Span),
        CacheControl = CachePolicy.NarInfo,
        Size = body.Length,
    };
}
