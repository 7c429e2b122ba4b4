using System.Diagnostics.CodeAnalysis;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Nar;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary><c>/nar/&lt;outhash&gt;-&lt;narhash&gt;.nar</c>, of small NARs that are kept whole.</summary>
public sealed class NarShortcut(
    CachingCatalog catalog, StoreNars nars, Compressor compressor, LookupStatistics lookups, ConcurrencyLimit bodies) : IShortcut
{
    private const int NarHashLength = 52;
    private const int NarHashAt = StorePathHash.Length + 1;

    private readonly ContentCoding _offered = compressor.OfferFor(new Representation { ContentType = ContentTypes.Nar, Kind = BodyKind.Nar });

    private static ReadOnlySpan<byte> Folder => "/nar/"u8;

    private static ReadOnlySpan<byte> Extension => ".nar"u8;

    /// <inheritdoc/>
    public int MetricPath => RoutePaths.NarWithBothHashes;

    /// <inheritdoc/>
    public ConcurrencyLimit? Bodies => bodies;

    /// <inheritdoc/>
    public bool TryFind(in RequestHead head, [NotNullWhen(true)] out PreparedResponse? answer)
    {
        answer = null;
        if (head.Choose(_offered) != ContentCoding.Identity || !TryParse(head.Path, out StorePathHash hash, out NarHash narHash)
            || !catalog.TryRecall(hash, out ValidPathInfo? path) || path is null || path.Info.NarHash != narHash
            || !nars.TryGetSmall(path, out byte[]? nar))
        {
            return false;
        }

        // Made anew each time: keeping it would take room from other NARs.
        answer = Finish(NarEndpoint.RepresentationOf(path, hasNarHash: true), nar);
        return true;
    }

    /// <inheritdoc/>
    public void Count(PreparedResponse answer, ReadOnlySpan<byte> path, ShortRequestId id) => lookups.Count(LookupOutcome.Hit);

    private PreparedResponse Finish(Representation representation, ReadOnlyMemory<byte> nar) => PreparedResponse.Of(
        StatusCodes.Status200OK, representation.ContentType,
        $"Accept-Ranges: bytes\r\nCache-Control: {representation.CacheControl}\r\nETag: {representation.Tag?.Text}\r\n{(_offered == ContentCoding.Identity ? "" : "Vary: Accept-Encoding\r\n")}",
        "", nar);

    private static bool TryParse(ReadOnlySpan<byte> url, out StorePathHash hash, out NarHash narHash)
    {
        (hash, narHash) = (default, default);
        Span<char> text = stackalloc char[NarHashAt + NarHashLength];
        return url.Length == Folder.Length + text.Length + Extension.Length && url.StartsWith(Folder) && url.EndsWith(Extension)
            && Encoding.ASCII.TryGetChars(url.Slice(Folder.Length, text.Length), text, out _)
            && text[NarHashAt - 1] == '-' && StorePathHash.TryParse(text[..StorePathHash.Length], out hash) && NarHash.TryParse(text[NarHashAt..], out narHash);
    }
}
