using System.IO.Pipelines;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Nar;

/// <summary>Listings that were asked for lately, as they are sent, in each coding. Each is good as long as the index that it was made of.</summary>
/// <param name="capacity">How many bytes they may take.</param>
public sealed class NarListings(long capacity)
{
    // Some 100 bytes each. Longer listings are made while they are sent, in little memory.
    private const int MaxEntries = 100_000;

    private readonly ByteBoundedCache<NarKey, Listing> _kept = new(capacity);

    /// <summary>What is kept.</summary>
    public CacheUsage Usage => _kept.UsageAs("listings");

    /// <summary>Drops most of them.</summary>
    public void Shrink() => _kept.Shrink();

    /// <summary>The listing of a NAR; null if it is too long to be kept.</summary>
    public async ValueTask<EncodedBodies?> FindAsync(NarKey key, OpenNar nar, CancellationToken cancellationToken)
    {
        if (_kept.TryGet(key, out Listing? known) && known.Identity == nar.Identity)
            return known.Body;
        if (nar.Index.Count > MaxEntries)
            return null;
        // 20,000 entries take 10 ms, which would hold up the other connections of the calling thread.
        MemoryBody plain = await Task.Run(() => RenderAsync(nar.Index, cancellationToken), cancellationToken);
        Listing listing = null!;
        listing = new Listing(nar.Identity, new EncodedBodies(plain, () => _kept.Resize(key, listing, listing.Body.Bytes)));
        _kept.Set(key, listing, plain.Length);
        return listing.Body;
    }

    private static async Task<MemoryBody> RenderAsync(NarIndex index, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        PipeWriter output = PipeWriter.Create(bytes, new StreamPipeWriterOptions(leaveOpen: true));
        await NarListingJson.WriteAsync(index, output, cancellationToken);
        await output.CompleteAsync();
        return MemoryBody.Keep(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private sealed record Listing(TreeIdentity Identity, EncodedBodies Body);
}
