using System.Diagnostics.CodeAnalysis;
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

    /// <summary>
    /// A listing of a NAR that has the hash in the key. It is right whatever the files are by now, so no look at them is needed.
    /// </summary>
    public bool TryGet(NarKey key, [NotNullWhen(true)] out EncodedBodies? body)
    {
        body = _kept.TryGet(key, out Listing? known) && known.IsVerified ? known.Body : null;
        return body is not null;
    }

    /// <summary>The listing of a NAR; null if it is too long to be kept.</summary>
    public async ValueTask<EncodedBodies?> FindAsync(NarKey key, OpenNar nar, CancellationToken cancellationToken)
    {
        if (_kept.TryGet(key, out Listing? known) && known.Identity == nar.Identity)
        {
            known.IsVerified |= nar.IsVerified;
            return known.Body;
        }

        if (nar.Index.Count > MaxEntries)
            return null;
        // 20,000 entries take 10 ms, which would hold up the other connections of the calling thread.
        MemoryBody plain = await Task.Run(() => RenderAsync(nar.Index, cancellationToken), cancellationToken);
        Listing listing = null!;
        listing = new Listing(nar.Identity, new EncodedBodies(plain, () => _kept.Resize(key, listing, listing.Body.Bytes))) { IsVerified = nar.IsVerified };
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

    private sealed class Listing(TreeIdentity identity, EncodedBodies body)
    {
        private volatile bool _isVerified;

        public TreeIdentity Identity => identity;

        public EncodedBodies Body => body;

        /// <summary>Whether the files had the hash in the database when the index was made of them, or later.</summary>
        public bool IsVerified
        {
            get => _isVerified;
            set => _isVerified = value;
        }
    }
}
