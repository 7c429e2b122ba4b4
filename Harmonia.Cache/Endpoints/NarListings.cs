using System.IO.Pipelines;
using Harmonia.Cache.Memory;
using Harmonia.Cache.Nars;
using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Endpoints;

/// <summary>Listings that were asked for lately, as they are sent. Each is good as long as the index that it was made of.</summary>
/// <param name="capacity">How many bytes they may take.</param>
public sealed class NarListings(long capacity)
{
    // Some 100 bytes each. Longer listings are made while they are sent, in little memory.
    private const int MaxEntries = 100_000;

    private readonly ByteBoundedCache<NarKey, Listing> _kept = new(capacity);

    /// <summary>What is kept.</summary>
    public MemoryFigures Figures => _kept.FiguresOf("listings");

    /// <summary>The listing of a NAR; null if it is too long to be kept.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(NarKey key, OpenNar nar, CancellationToken cancellationToken)
    {
        if (_kept.TryGet(key, out Listing? known) && known.Identity == nar.Identity)
            return known.Bytes;
        if (nar.Index.Count > MaxEntries)
            return null;
        // 20,000 entries take 10 ms, which would hold up the other connections of the calling thread.
        byte[] bytes = await Task.Run(() => RenderAsync(nar.Index, cancellationToken), cancellationToken);
        _kept.Set(key, new Listing(nar.Identity, bytes), bytes.Length);
        return bytes;
    }

    private static async Task<byte[]> RenderAsync(NarIndex index, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        PipeWriter output = PipeWriter.Create(bytes);
        await NarListingJson.WriteAsync(index, output, cancellationToken);
        await output.CompleteAsync();
        return bytes.ToArray();
    }

    private sealed record Listing(TreeIdentity Identity, byte[] Bytes);
}
