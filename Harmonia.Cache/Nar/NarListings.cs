using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Nar;

/// <summary>Caches listings with their encoded forms. A listing holds as long as the index that it was made from.</summary>
/// <param name="capacity">How many bytes they may take.</param>
public sealed class NarListings(long capacity)
{
    /// <summary>Up to so many entries are listed on any thread, also on one that polls sockets.</summary>
    public const int MaxInline = 256;

    // A longer listing is made while it is sent, in little memory.
    private const int MaxEntries = 100_000;

    // A short name, and all numbers.
    private const int EntryLength = 128;

    private readonly ByteBoundedCache<NarKey, Listing> _kept = new(capacity);

    /// <summary>How full the cache is.</summary>
    public CacheUsage Usage => _kept.UsageAs("listings");

    /// <summary>Drops most of them.</summary>
    public void Shrink() => _kept.Shrink();

    /// <summary>A listing whose NAR had the hash in the key. It is right whatever happened to the files, so they need not be checked.</summary>
    public bool TryGet(NarKey key, [NotNullWhen(true)] out MemoryBody? body)
    {
        body = _kept.TryGet(key, out Listing? known) && known.IsVerified ? known.Body : null;
        return body is not null;
    }

    /// <summary>The listing of a NAR; null if it is too long to be cached.</summary>
    public async ValueTask<MemoryBody?> FindAsync(NarKey key, OpenNar nar, CancellationToken cancellationToken)
    {
        if (_kept.TryGet(key, out Listing? known) && known.Identity == nar.Identity)
        {
            known.IsVerified |= nar.IsVerified;
            return known.Body;
        }

        if (nar.Index.Count > MaxEntries)
            return null;
        // 20,000 entries take 10 ms, which would block the other connections of the calling thread.
        ArrayBufferWriter<byte> json = nar.Index.Count <= MaxInline ? Render(nar.Index) : await Task.Run(() => Render(nar.Index), cancellationToken);
        Listing listing = new(_kept, key, nar.Identity, json.WrittenSpan) { IsVerified = nar.IsVerified };
        _kept.Set(key, listing, listing.Bytes);
        return listing.Body;
    }

    /// <summary>Makes the listing of an index.</summary>
    public static ArrayBufferWriter<byte> Render(NarIndex index)
    {
        ArrayBufferWriter<byte> json = new(EntryLength * index.Count);
        NarListingJson.Write(index, json);
        return json;
    }

    // It keeps nothing of the request that it was made for: a closure of the method above kept all of that, 1.5 KB for each listing.
    private sealed class Listing
    {
        // The objects of one: this, its body, the body's forms and callback, and an array.
        private const int Fixed = 350;

        private readonly ByteBoundedCache<NarKey, Listing> _owner;
        private readonly NarKey _key;
        private volatile bool _isVerified;

        public Listing(ByteBoundedCache<NarKey, Listing> owner, NarKey key, TreeIdentity identity, ReadOnlySpan<byte> json)
        {
            (_owner, _key, Identity) = (owner, key, identity);
            Body = MemoryBody.Cached(json, Resize);
        }

        public TreeIdentity Identity { get; }

        public MemoryBody Body { get; }

        public long Bytes => Fixed + Body.Bytes;

        /// <summary>Whether the files had the hash of the database when the index was made from them, or later.</summary>
        public bool IsVerified
        {
            get => _isVerified;
            set => _isVerified = value;
        }

        private void Resize() => _owner.Resize(_key, this, Bytes);
    }
}
