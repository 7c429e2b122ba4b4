using Harmonia.Protocol.Interop;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Which file is at a path, as statx(2) tells it apart from others and from what it was: device, inode, the time of the last change
/// and of the last modification. Equal as long as nobody has replaced or touched the root of a tree; what lies below it does not show.
/// </summary>
public readonly record struct TreeIdentity
{
    private readonly (ulong Inode, uint DeviceMajor, uint DeviceMinor) _file;
    private readonly (long Seconds, uint Nanoseconds) _changed;
    private readonly (long Seconds, uint Nanoseconds) _modified;

    private TreeIdentity(in FileStatus status) => (_file, _changed, _modified) = (status.Identity, status.Changed, status.Modified);

    /// <summary>Reads the identity of the file at a path of raw bytes, of a symbolic link itself. One system call.</summary>
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
