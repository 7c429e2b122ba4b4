using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Maintenance;

/// <summary>
/// The directory <c>.links</c> of a store. It has a hard link to each file, named after the file's NAR hash in base 32. Dispose closes it.
/// Nix: src/libstore/optimise-store.cc.
/// </summary>
internal sealed class LinksDirectory : IDisposable
{
    private const uint FolderMode = 0b111_101_101;

    private static readonly byte[] FolderName = ".links"u8.ToArray();

    private LinksDirectory(DirectoryHandle store, DirectoryHandle handle) => (Store, Handle) = (store, handle);

    /// <summary>The store's directory.</summary>
    public DirectoryHandle Store { get; }

    public DirectoryHandle Handle { get; }

    /// <summary>Opens it, and creates it if needed.</summary>
    /// <exception cref="SystemCallException">This process may not open or create it.</exception>
    public static LinksDirectory Open(string realStoreDirectory)
    {
        DirectoryHandle store = DirectoryHandle.Open(realStoreDirectory);
        try
        {
            if (store.FindStatus(FolderName) is null)
            {
                Make(store);
            }

            return new LinksDirectory(store, store.OpenDirectory(FolderName));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The name of the link to the file with this hash.</summary>
    public static byte[] NameOf(NarHash hash) => Encoding.ASCII.GetBytes(hash.ToBase32());

    /// <summary>The names of all links, in no order.</summary>
    public IReadOnlyList<byte[]> Names() => Handle.List();

    /// <summary>Computes the NAR hash of a file; null if it no longer exists.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public NarHash? FindHash(byte[] name, CancellationToken cancellationToken) => FileHash.Find(Handle, name, cancellationToken);

    /// <summary>Removes a link. The file keeps its other names.</summary>
    public void Remove(byte[] name) => Handle.Unlink(name);

    /// <summary>The path of a file, for messages.</summary>
    public string Describe(byte[] name) => Handle.Describe(name);

    /// <summary>Reads the inodes of all links.</summary>
    public LinkedInodes LoadInodes(CancellationToken cancellationToken)
    {
        LinkedInodes inodes = new();
        foreach (byte[] name in Handle.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Handle.FindStatus(name) is FileStatus status)
            {
                inodes.Add(status.Inode);
            }
        }

        return inodes;
    }

    public void Dispose()
    {
        Handle.Dispose();
        Store.Dispose();
    }

    private static void Make(DirectoryHandle store)
    {
        try
        {
            store.CreateDirectory(FolderName, FolderMode);
        }
        catch (SystemCallException exception) when (exception.ErrorNumber == Errno.Exists)
        {
            // Another process has created it.
        }
    }
}
