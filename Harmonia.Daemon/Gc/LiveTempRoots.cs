using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Primitives;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// What processes keep while they run, in <c>temproots</c>: whoever has locked a file there lives. Nix: src/libstore/gc.cc,
/// LocalStore::findTempRoots.
/// </summary>
internal sealed class LiveTempRoots(string stateDirectory, StorePathFinder paths, Action<LogLevel, string> log)
{
    /// <summary>Finds all, valid or not. Files of processes that have ended are removed.</summary>
    public RootSet Find()
    {
        RootSet roots = new();
        string folder = $"{stateDirectory}/temproots";
        using DirectoryHandle? handle = Directory.Exists(folder) ? DirectoryHandle.Open(folder) : null;
        foreach (byte[] name in handle?.List() ?? [])
        {
            // Hidden files keep the folder from package managers that remove empty ones.
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

            // Tells whoever opened the file before it was unlinked that it is nobody's, and takes no room on a disk that is full.
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
