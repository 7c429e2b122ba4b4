using Harmonia.Protocol.Interop;

namespace Harmonia.Daemon.Interop;

/// <summary>
/// Removes a directory with everything in it. It holds two file descriptors at most, however deep the tree is: it leaves a directory through
/// <c>..</c>. So a tree that could not be completed because the process had no file descriptor left can still be removed.
/// Nix: src/libutil/unix/file-system.cc, deletePath.
/// </summary>
internal sealed class TreeRemoval : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;

    private readonly Stack<Level> _levels = new();
    private readonly DirectoryHandle _parent;
    private DirectoryHandle? _current;
    private ulong _freed;

    private TreeRemoval(DirectoryHandle parent) => _parent = parent;

    /// <summary>Removes a directory. Returns the freed bytes as <see cref="DirectoryHandle.RemoveTree"/> counts them.</summary>
    /// <exception cref="SystemCallException">Something cannot be removed; what comes after it is left as well.</exception>
    /// <exception cref="IOException">Somebody moved a directory of the tree to another place meanwhile.</exception>
    public static ulong Run(DirectoryHandle parent, byte[] name)
    {
        using TreeRemoval removal = new(parent);
        removal.Enter(name);
        while (removal._levels.Count > 0)
        {
            removal.RemoveNext();
        }

        return removal._freed;
    }

    public void Dispose() => _current?.Dispose();

    private void RemoveNext()
    {
        Level level = _levels.Peek();
        if (!level.Entries.TryDequeue(out byte[]? entry))
        {
            Leave();
            return;
        }

        if (_current!.FindStatus(entry) is not FileStatus status)
        {
            return;
        }

        if (status.Type == FileType.Directory)
        {
            Enter(entry);
            return;
        }

        _current.Unlink(entry);
        _freed += DirectoryHandle.FreedBytes(status);
    }

    private void Enter(byte[] name)
    {
        DirectoryHandle directory = (_current ?? _parent).OpenDirectory(name);
        _current?.Dispose();
        _current = directory;
        // Directories in the store are read-only, even for their owner.
        directory.ChangeMode(OwnerOnly);
        _levels.Push(new Level(name, IdentityOf(directory), new Queue<byte[]>(directory.List())));
    }

    private void Leave()
    {
        byte[] name = _levels.Pop().Name;
        DirectoryHandle? parent = null;
        if (_levels.TryPeek(out Level? level))
        {
            parent = _current!.OpenParent();
            if (IdentityOf(parent) != level.Identity)
            {
                parent.Dispose();
                throw new IOException($"{_current.Path} was moved while its tree was removed.");
            }
        }

        _current!.Dispose();
        _current = parent;
        (parent ?? _parent).RemoveEmptyDirectory(name);
    }

    private static (ulong Inode, uint DeviceMajor, uint DeviceMinor) IdentityOf(DirectoryHandle directory) => directory.FindStatus("."u8)!.Value.Identity;

    /// <summary>A directory on the way from the tree's root to the current one, with the entries that are still to be removed.</summary>
    private sealed record Level(byte[] Name, (ulong Inode, uint DeviceMajor, uint DeviceMinor) Identity, Queue<byte[]> Entries);
}
