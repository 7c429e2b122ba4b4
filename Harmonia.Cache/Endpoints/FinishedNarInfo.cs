using Harmonia.Cache.Http;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Endpoints;

/// <summary>A narinfo with all that it takes to answer it.</summary>
public sealed class FinishedNarInfo
{
    // The objects of the signatures, of this, and of its strings.
    private const int Fixed = 600;
    private const int OfHead = 550;
    private const int OfSignature = 250;

    private FinishedAnswer? _answer;

    /// <param name="signed">What it says.</param>
    /// <param name="keys">The keys that signed it.</param>
    /// <param name="stored">What is stored of its NAR, of which it speaks.</param>
    public FinishedNarInfo(SignedPathInfo signed, IReadOnlyList<SecretKey> keys, StoredNar? stored = null)
    {
        (Signed, Keys, Stored, Url) = (signed, keys, stored, signed.Offer.Url);
        // A copy, because what it was rendered in is up to twice as large.
        Text = NarInfoText.Render(signed).ToArray();
        Representation = Representing(ContentTypes.NarInfo, Text);
    }

    /// <summary>What it says.</summary>
    public SignedPathInfo Signed { get; }

    /// <summary>The keys that signed it.</summary>
    public IReadOnlyList<SecretKey> Keys { get; }

    /// <summary>What is stored of its NAR, of which it speaks; null for nothing.</summary>
    public StoredNar? Stored { get; }

    /// <summary>Where its NAR is, relative to the cache's root.</summary>
    public string Url { get; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>What the body's headers are made of.</summary>
    public Representation Representation { get; }

    /// <summary>The memory it takes, about and rather too much, without the path info, which is remembered anyway.</summary>
    public long Bytes => Fixed + OfHead + Text.Length + OfSignature * Signed.Signatures.Count;

    /// <summary>The answer with the text as it is, made once.</summary>
    /// <param name="offered">The codings that the text can be had in.</param>
    public FinishedAnswer Answer(ContentCoding offered) => _answer ??= FinishedAnswer.Of(
        StatusCodes.Status200OK, ContentTypes.NarInfo,
        $"Cache-Control: {Representation.CacheControl}\r\nETag: {Representation.Tag?.Text}\r\n{(offered == ContentCoding.Identity ? "" : "Vary: Accept-Encoding\r\n")}",
        $"Nix-Link: {Url}\r\n", Text);

    /// <summary>What the headers of a narinfo in any format are made of.</summary>
    public static Representation Representing(string contentType, ReadOnlyMemory<byte> body) => new()
    {
        ContentType = contentType,
        Kind = BodyKind.Text,
        // The signatures are in the body and not in the NAR's hash, so the tag is of the body.
        Tag = EntityTag.OfBody(body.Span),
        CacheControl = CachePolicy.NarInfo,
    };
}
