using System.Diagnostics.CodeAnalysis;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Limits;
using Harmonia.Cache.NarCache;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Makes narinfos, and caches them. A narinfo is made and signed again when the path, the stored NAR or the keys change. The caller has
/// checked that the store has the path.
/// </summary>
/// <param name="signer">Signs the narinfos.</param>
/// <param name="known">Learns which path has a NAR.</param>
/// <param name="nars">The compressed NARs; null where none are stored.</param>
/// <param name="capacity">How many bytes the cached narinfos may take.</param>
public sealed class PreparedNarInfos(NarInfoSigner signer, KnownNars known, NarFileCache? nars, long capacity)
{
    private readonly ByteBoundedCache<StorePathHash, PreparedNarInfo> _prepared = new(capacity);

    /// <summary>How full the cache is.</summary>
    public CacheUsage Usage => _prepared.UsageAs("narinfos");

    /// <summary>Drops most of them.</summary>
    public void Shrink() => _prepared.Shrink();

    /// <summary>The narinfo of a path, if it is cached and no file must be touched to know that it still holds.</summary>
    public bool TryGet(ValidPathInfo path, [NotNullWhen(true)] out PreparedNarInfo? narInfo)
    {
        narInfo = null;
        StoredNar? stored = null;
        return (nars is null || nars.TryFind(path.Info.NarHash, out stored)) && TryGet(path, signer.Keys, stored, out narInfo);
    }

    /// <summary>The narinfo of a path; its NAR size is known.</summary>
    public PreparedNarInfo Of(ValidPathInfo path)
    {
        // Read before they sign: if a reload replaces them meanwhile, the next request signs again.
        IReadOnlyList<SecretKey> keys = signer.Keys;
        StoredNar? stored = nars?.Find(path.Info.NarHash);
        if (TryGet(path, keys, stored, out PreparedNarInfo? narInfo))
            return narInfo;
        known.Add(path.Info.NarHash, path.Path.Hash);
        narInfo = new PreparedNarInfo(WithStored(signer.Sign(path), stored), keys, stored, Resize);
        _prepared.Set(path.Path.Hash, narInfo, narInfo.Bytes);
        return narInfo;
    }

    // A URL stays valid as long as the path is: a stored file that is gone by then is made again.
    private SignedNarInfo WithStored(SignedNarInfo narInfo, StoredNar? stored) => stored switch
    {
        null when nars is not null => narInfo.WithZstd(fileHash: null, fileSize: null),
        { FileHash: { } fileHash } => narInfo.WithZstd(fileHash, (ulong)stored.Size),
        _ => narInfo,
    };

    private void Resize(PreparedNarInfo grown) => _prepared.Resize(grown.Signed.Path.Path.Hash, grown, grown.Bytes);

    private bool TryGet(
        ValidPathInfo path, IReadOnlyList<SecretKey> keys, StoredNar? stored, [NotNullWhen(true)] out PreparedNarInfo? narInfo) =>
        _prepared.TryGet(path.Path.Hash, out narInfo) && narInfo.Signed.Path == path && narInfo.Keys == keys && narInfo.Stored == stored;
}
