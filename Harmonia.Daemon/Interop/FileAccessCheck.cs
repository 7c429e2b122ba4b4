using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Harmonia.Protocol.Interop;

namespace Harmonia.Daemon.Interop;

/// <summary>Checks what this process may do with files.</summary>
internal static unsafe class FileAccessCheck
{
    private const ulong ReadOnlyFlag = 1;

    // ST_NOSUID, ST_NODEV, ST_NOEXEC, ST_SYNCHRONOUS, ST_NOATIME and ST_NODIRATIME have the same values in mount(2); ST_RELATIME has not.
    private const ulong SharedFlags = 2 | 4 | 8 | 16 | 1024 | 2048;
    private const ulong RelativeTimesFlag = 4096;
    private const ulong RelativeTimesOfMount = 1 << 21;

    // struct statvfs of 64-bit glibc and musl: f_flag follows nine words.
    private const int FlagOffset = 9 * sizeof(ulong);
    private const int StructureSize = 256;

    /// <summary>Whether the effective user may write to the file at this path. False if it does not exist.</summary>
    public static bool MayWrite(string path) => TryAccess(path, Libc.MayWrite) == 0;

    /// <summary>Whether the effective user may read the file at this path. False if it does not exist.</summary>
    public static bool MayRead(string path) => TryAccess(path, Libc.MayRead) == 0;

    /// <summary>Whether a file exists at this path, or may exist in a directory that this user may not search.</summary>
    public static bool IsThere(string path) => TryAccess(path, Libc.IsThere) is 0 or Errno.AccessDenied;

    /// <summary>Whether the mount is read-only.</summary>
    /// <exception cref="SystemCallException">The path does not exist, or cannot be read.</exception>
    public static bool IsOnReadOnlyFileSystem(string path) => (StatusFlags(path) & ReadOnlyFlag) != 0;

    /// <summary>The other mount options, as flags of mount(2): nosuid, nodev, noexec, and those for access times.</summary>
    /// <exception cref="SystemCallException">The path does not exist, or cannot be read.</exception>
    public static nuint MountFlags(string path)
    {
        ulong flags = StatusFlags(path);
        return (nuint)((flags & SharedFlags) | ((flags & RelativeTimesFlag) != 0 ? RelativeTimesOfMount : 0));
    }

    private static ulong StatusFlags(string path)
    {
        byte* structure = stackalloc byte[StructureSize];
        fixed (byte* name = NativePath.Of(path))
        {
            if (Libc.FileSystemStatus(name, structure) != 0)
            {
                throw new SystemCallException("statvfs", Marshal.GetLastPInvokeError(), path);
            }
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(structure + FlagOffset, sizeof(ulong)));
    }

    private static int TryAccess(string path, int mode)
    {
        fixed (byte* name = NativePath.Of(path))
        {
            return Libc.AccessAt(LibcFiles.CurrentDirectory, name, mode, Libc.AtEffectiveAccess) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }
}
