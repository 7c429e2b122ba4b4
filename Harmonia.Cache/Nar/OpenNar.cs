using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Nar;

/// <summary>A NAR that is ready to be sent: its size is known. The owner disposes it.</summary>
public sealed class OpenNar(StoreNars owner, ValidPathInfo path, byte[] root, IndexedNar nar, CapturedNar? captured, MemoryBudget readAhead)
    : IDisposable
{
    public NarIndex Index => nar.Index;

    /// <summary>The raw file name of the tree.</summary>
    public byte[] Root => root;

    /// <summary>The identity of the root, both when the index was made and when the NAR was opened.</summary>
    public TreeIdentity Identity => nar.Identity;

    /// <summary>Whether all bytes were read from these files once, and had the hash of the database.</summary>
    public bool IsVerified => nar.IsVerified;

    /// <summary>All bytes, for the first request of a path. They can be written once.</summary>
    public CapturedNar? Captured => captured;

    /// <summary>Reads a part in order; the caller disposes the reader.</summary>
    public NarReadAhead ReadAhead(ByteRange part) => new(Index, root, part, readAhead);

    /// <summary>Reads anything but the contents of files from a length on; the caller disposes it.</summary>
    public NarIndexReader Reader(long largeFileLength) => new(Index, root) { LargeFileLength = largeFileLength };

    /// <summary>Records that the hash of all bytes is right, or puts the path into quarantine.</summary>
    /// <exception cref="CorruptNarException">The hash differs from the database.</exception>
    public void Verify(NarHasher hasher) => owner.Verify(path, nar, hasher);

    /// <summary>Makes the next request read the files again.</summary>
    public void Forget() => owner.Forget(path);

    public void Dispose() => captured?.Dispose();
}
