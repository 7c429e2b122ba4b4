using Harmonia.Protocol.Interop;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Identifies the file at a path by what statx(2) says: device, inode, and the times of the last change and modification. Two identities
/// are equal while nobody has replaced or changed the root of a tree. Changes below the root are not visible.
/// </summary>
public readonly record struct TreeIdentity
{
    private readonly (ulong Inode, uint DeviceMajor, uint DeviceMinor) _file;
    private readonly (long Seconds, uint Nanoseconds) _changed;
    private readonly (long Seconds, uint Nanoseconds) _modified;

    private TreeIdentity(in FileStatus status) => (_file, _changed, _modified) = (status.Identity, status.Changed, status.Modified);

    /// <summary>Reads the identity of the file at a path of raw bytes, without following a symbolic link. One system call.</summary>
    /// <exception cref="ArgumentException">The path is empty or has a NUL.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at this path.</exception>
    /// <exception cref="SystemCallException">The operating system refused to look there.</exception>
    public static TreeIdentity Of(ReadOnlySpan<byte> rootPath)
    {
        byte[] root = TreePath.Root(rootPath);
        int result = LibcFiles.Status(LibcFiles.CurrentDirectory, root, out FileStatus status);
        return result == 0 ? Of(status) : throw TreePath.RootFailure("statx", -result, root);
    }

    /// <summary>The identity of a file with this status.</summary>
    internal static TreeIdentity Of(in FileStatus status) => new(status);
}
