using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Reads the temporary roots of running processes from <c>temproots</c>. A running process holds a lock on its file there.
/// Nix: src/libstore/gc.cc, LocalStore::findTempRoots.
/// </summary>
internal sealed class LiveTempRoots(string stateDirectory, StorePathFinder paths, Action<LogLevel, string> log)
{
    /// <summary>Finds all temporary roots of valid and invalid paths. Removes the files of processes that have ended.</summary>
    public RootSet Find()
    {
        RootSet roots = new();
        string folder = $"{stateDirectory}/temproots";
        using DirectoryHandle? handle = Directory.Exists(folder) ? DirectoryHandle.Open(folder) : null;
        foreach (byte[] name in handle?.List() ?? [])
        {
            // Hidden files keep package managers from removing the empty directory.
            if (name[0] != (byte)'.')
            {
                Read(roots, folder, name);
            }
        }

        return roots;
    }

    private void Read(RootSet roots, string folder, byte[] name)
    {
        using LockFile? file = LockFile.OpenExisting($"{folder}/{Encoding.UTF8.GetString(name)}");
        if (file is null)
        {
            return;
        }

        if (file.TryLockExclusive())
        {
            log(LogLevel.Info, $"removing stale temporary roots file '{PrintableBytes.Of(Encoding.UTF8.GetBytes(file.Path))}'");
            FileRemoval.Unlink(file.Path);

            // The length of 1 tells a process that opened the file before the unlink that it is stale. It needs no space on a full disk.
            RandomAccess.SetLength(file.Handle, 1);
            return;
        }

        byte[] contents = new byte[FileStatus.Of(file.Handle, file.Path).Size];
        ReadOnlySpan<byte> complete = contents.AsSpan(0, RandomAccess.Read(file.Handle, contents, 0));
        complete = complete[..(complete.LastIndexOf((byte)0) + 1)];
        foreach (Range range in complete.Split((byte)0))
        {
            if (paths.Find(complete[range]) is StorePath path)
            {
                roots.Add(path, [.. "{temp:"u8, .. name, (byte)'}']);
            }
        }
    }
}
