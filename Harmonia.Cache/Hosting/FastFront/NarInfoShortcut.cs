using System.Diagnostics.CodeAnalysis;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.NarInfo;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary><c>/&lt;hash&gt;.narinfo</c>, of paths whose narinfo is finished, and of paths that are known not to be there.</summary>
public sealed class NarInfoShortcut(
    CachingCatalog catalog, PreparedNarInfos narInfos, Compressor compressor, CacheStatistics statistics,
    ILogger<NarInfoEndpoint> logger) : IShortcut
{
    private const int UrlLength = 1 + StorePathHash.Length + 8;

    /// <inheritdoc/>
    public int MetricPath { get; } = RoutePaths.IndexOf(new Route(RouteKind.NarInfo));

    /// <inheritdoc/>
    public ConcurrencyLimit? Bodies => null;

    /// <inheritdoc/>
    public bool TryFind(in RequestHead head, [NotNullWhen(true)] out PreparedResponse? answer)
    {
        answer = null;
        if (!TryParse(head.Path, out StorePathHash hash) || !catalog.TryRecall(hash, out ValidPathInfo? path))
            return false;
        if (path is null)
        {
            answer = ErrorReply.MissedHash.Finished;
            return true;
        }

        if (!narInfos.TryGet(path, out PreparedNarInfo? narInfo))
            return false;
        ContentCoding offered = compressor.OfferFor(narInfo.Representation with { Size = narInfo.Text.Length });
        answer = narInfo.Answer(offered, head.Choose(offered));
        return answer is not null;
    }

    /// <inheritdoc/>
    public void Count(PreparedResponse answer, ReadOnlySpan<byte> path, ShortRequestId id)
    {
        bool isFound = answer.Status == StatusCodes.Status200OK;
        statistics.Lookups.Count(LookupOutcome.Hit);
        statistics.NarInfoAnswered(isFound);
        if (!isFound && logger.IsEnabled(LogLevel.Debug))
            logger.HashUnknown(Encoding.ASCII.GetString(path), id.ToString());
    }

    private static bool TryParse(ReadOnlySpan<byte> url, out StorePathHash hash)
    {
        hash = default;
        if (url.Length != UrlLength || !url.EndsWith(".narinfo"u8))
            return false;
        Span<char> text = stackalloc char[StorePathHash.Length];
        return Encoding.ASCII.TryGetChars(url.Slice(1, text.Length), text, out _) && StorePathHash.TryParse(text, out hash);
    }
}
