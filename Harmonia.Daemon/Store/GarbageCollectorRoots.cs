using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>
/// Creates permanent garbage collector roots. Nix: src/libstore/local-fs-store.cc and src/libstore/gc.cc, addPermRoot and
/// addIndirectRoot.
/// </summary>
internal sealed class GarbageCollectorRoots(string stateDirectory, StoreDirectory directory)
{
    private static int _last;

    private readonly string _folder = Path.Combine(stateDirectory, "gcroots", "auto");

    /// <summary>Registers an existing symlink anywhere in the file system.</summary>
    /// <param name="link">The symlink's path.</param>
    /// <exception cref="RefusedException">The path is not absolute.</exception>
    public void AddIndirect(ReadOnlySpan<byte> link)
    {
        if (!link.StartsWith("/"u8) || link.Contains((byte)0))
        {
            throw new RefusedException("a garbage collector root must have an absolute path");
        }

        Directory.CreateDirectory(_folder);
        string name = Hash.Of(HashAlgorithm.Sha1, link).ToBase32();
        using DirectoryHandle folder = DirectoryHandle.Open(_folder);
        Replace(folder, Encoding.ASCII.GetBytes(name), link);
    }

    /// <summary>Makes a symlink to a path and registers it.</summary>
    /// <exception cref="RefusedException">The symlink would be in the store, or another file exists there.</exception>
    public void AddPermanent(StorePath path, string link)
    {
        string full = link.StartsWith('/') ? Path.GetFullPath(link) : throw new RefusedException("a garbage collector root must have an absolute path");
        if (IsInStore(full))
        {
            throw new RefusedException($"creating a garbage collector root ({full}) in the Nix store is forbidden (are you running nix-build inside the store?)");
        }

        FileInfo present = new(full);
        if ((present.Exists || present.LinkTarget is not null || Directory.Exists(full)) && (present.LinkTarget is not string target || !IsInStore(target)))
        {
            throw new RefusedException($"cannot create symlink '{full}'; already exists");
        }

        string parent = Path.GetDirectoryName(full)!;
        Directory.CreateDirectory(parent);
        using (DirectoryHandle folder = DirectoryHandle.Open(parent))
        {
            Replace(folder, Encoding.UTF8.GetBytes(Path.GetFileName(full)), Encoding.UTF8.GetBytes(directory.Print(path)));
        }

        AddIndirect(Encoding.UTF8.GetBytes(full));
    }

    private bool IsInStore(string path) => path.StartsWith(directory.Path + "/", StringComparison.Ordinal);

    private static void Replace(DirectoryHandle folder, byte[] name, ReadOnlySpan<byte> target)
    {
        byte[] temporary = [.. name, .. Encoding.ASCII.GetBytes($".tmp-{Environment.ProcessId}-{Interlocked.Increment(ref _last)}")];
        folder.RemoveTree(temporary);
        folder.CreateSymlink(temporary, target);
        folder.Move(temporary, folder, name);
    }
}
