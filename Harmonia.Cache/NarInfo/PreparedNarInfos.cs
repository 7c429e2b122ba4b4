using System.Diagnostics.CodeAnalysis;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Limits;
using Harmonia.Cache.NarCache;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Makes narinfos, and makes and signs each only once while neither what the store knows of its path, nor what is
/// stored of its NAR, nor the keys change. Whether the
/// store still has the path is not asked here.
/// </summary>
/// <param name="signer">Signs.</param>
/// <param name="known">Is told whose NARs are spoken of.</param>
/// <param name="offers">Says how NARs can be had.</param>
/// <param name="capacity">How many bytes they may take.</param>
public sealed class PreparedNarInfos(NarInfoSigner signer, KnownNars known, NarOffers offers, long capacity)
{
    private readonly ByteBoundedCache<StorePathHash, PreparedNarInfo> _finished = new(capacity);

    /// <summary>What is kept.</summary>
    public CacheUsage Figures => _finished.UsageAs("narinfos");

    /// <summary>The narinfo of a path, if that is known without waiting.</summary>
    public bool TryGet(ValidPathInfo path, [NotNullWhen(true)] out PreparedNarInfo? finished)
    {
        finished = null;
        return offers.TryFind(path, out StoredNar? stored) && TryGet(path, signer.Keys, stored, out finished);
    }

    /// <summary>The narinfo of a path; its NAR size is known.</summary>
    public PreparedNarInfo Of(ValidPathInfo path)
    {
        // Looked at before they sign: if they are replaced in between, the next one to ask signs again.
        IReadOnlyList<SecretKey> keys = signer.Keys;
        StoredNar? stored = offers.Find(path);
        if (TryGet(path, keys, stored, out PreparedNarInfo? finished))
            return finished;
        known.Add(path.Info.NarHash, path.Path.Hash);
        finished = new PreparedNarInfo(signer.Sign(path) with { Offer = offers.Of(path, stored) }, keys, stored, CountAnew);
        _finished.Set(path.Path.Hash, finished, finished.Bytes);
        return finished;
    }

    private void CountAnew(PreparedNarInfo grown) => _finished.Resize(grown.Signed.Path.Path.Hash, grown, grown.Bytes);

    private bool TryGet(
        ValidPathInfo path, IReadOnlyList<SecretKey> keys, StoredNar? stored, [NotNullWhen(true)] out PreparedNarInfo? finished) =>
        _finished.TryGet(path.Path.Hash, out finished) && finished.Signed.Path == path && finished.Keys == keys && finished.Stored == stored;
}
