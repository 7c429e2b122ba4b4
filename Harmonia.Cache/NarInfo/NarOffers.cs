using Harmonia.Cache.NarCache;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Chooses how narinfos offer NARs. Whatever one says stays true: every URL is answered for as long as the path is valid, and a file that
/// is gone by then is made again.
/// </summary>
/// <param name="cache">Null when no NARs are stored.</param>
public sealed class NarOffers(NarFileCache? cache = null)
{
    /// <summary>What is stored of a path's NAR; null for nothing, or nothing yet.</summary>
    public StoredNar? Find(ValidPathInfo path) => cache?.Find(path.Info.NarHash);

    /// <summary>What <see cref="Find"/> finds, if it can be told without waiting for a file.</summary>
    public bool TryFind(ValidPathInfo path, out StoredNar? stored)
    {
        stored = null;
        return cache is null || cache.TryFind(path.Info.NarHash, out stored);
    }

    /// <summary>How a path's NAR can be had, when this is stored of it.</summary>
    public NarOffer Of(ValidPathInfo path, StoredNar? stored) => stored switch
    {
        null when cache is not null => NarOffer.Zstd(path, fileHash: null, fileSize: null),
        { FileHash: { } fileHash } => NarOffer.Zstd(path, fileHash, (ulong)stored.Size),
        _ => NarOffer.Plain(path),
    };
}
