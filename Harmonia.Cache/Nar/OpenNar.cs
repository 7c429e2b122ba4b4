using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Nar;

/// <summary>A NAR that can be sent: its size is known. The owner disposes it.</summary>
public sealed class OpenNar(StoreNars owner, ValidPathInfo path, byte[] root, IndexedNar nar, CapturedNar? captured, MemoryBudget readAhead)
    : IDisposable
{
    public NarIndex Index => nar.Index;

    /// <summary>The raw file name of the tree.</summary>
    public byte[] Root => root;

    /// <summary>Of the root when the index was made, and when it was opened.</summary>
    public TreeIdentity Identity => nar.Identity;

    /// <summary>Whether all bytes were once read from these files and had the hash that the database says.</summary>
    public bool IsVerified => nar.IsVerified;

    /// <summary>All bytes, for the one who asked for a path not read before. To be written once.</summary>
    public CapturedNar? Captured => captured;

    /// <summary>Reads a part in order; the caller disposes it.</summary>
    public NarReadAhead ReadAhead(ByteRange part) => new(Index, root, part, readAhead);

    /// <summary>Reads anything but the contents of files from a length on; the caller disposes it.</summary>
    public NarIndexReader Reader(long largeFileLength) => new(Index, root) { LargeFileLength = largeFileLength };

    /// <summary>Notes that all bytes have passed, or takes the path out of service.</summary>
    /// <exception cref="CorruptNarException">They have not the hash that the database says.</exception>
    public void Verify(NarHasher hasher) => owner.Verify(path, nar, hasher);

    /// <summary>Makes the next one who asks read the files anew.</summary>
    public void Forget() => owner.Forget(path);

    public void Dispose() => captured?.Dispose();
}
