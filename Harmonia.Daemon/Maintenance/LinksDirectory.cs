using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Maintenance;

/// <summary>
/// The folder <c>.links</c> of a store: one more name for each file, which is the hash of its NAR in base 32. Dispose closes it.
/// Nix: src/libstore/optimise-store.cc.
/// </summary>
internal sealed class LinksDirectory : IDisposable
{
    private const uint FolderMode = 0b111_101_101;

    private static readonly byte[] FolderName = ".links"u8.ToArray();

    private LinksDirectory(DirectoryHandle store, DirectoryHandle handle) => (Store, Handle) = (store, handle);

    /// <summary>The store's folder.</summary>
    public DirectoryHandle Store { get; }

    public DirectoryHandle Handle { get; }

    /// <summary>Opens it, and makes it first if need be.</summary>
    /// <exception cref="LibcException">This process may not.</exception>
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

    /// <summary>The name of the file with this hash.</summary>
    public static byte[] NameOf(NarHash hash) => Encoding.ASCII.GetBytes(hash.ToBase32());

    /// <summary>The names in it, in no order.</summary>
    public IReadOnlyList<byte[]> Names() => Handle.List();

    /// <summary>The hash that a file really has; null when it is not there any more.</summary>
    /// <exception cref="StorageException">It can't be read.</exception>
    public NarHash? FindHash(byte[] name, CancellationToken cancellationToken) => FileHash.Find(Handle, name, cancellationToken);

    /// <summary>Takes a file out, which keeps its other names.</summary>
    public void Remove(byte[] name) => Handle.Unlink(name);

    /// <summary>The path of a file, for messages.</summary>
    public string Describe(byte[] name) => Handle.Describe(name);

    /// <summary>Which files are in it.</summary>
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
        catch (LibcException exception) when (exception.Error == LibcException.Exists)
        {
            // Somebody else was quicker.
        }
    }
}
