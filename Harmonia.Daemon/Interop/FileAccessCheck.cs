using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Interop;

/// <summary>What this process may do with files.</summary>
internal static unsafe class FileAccessCheck
{
    private const int ReadOnlyFlag = 1;

    // struct statvfs of 64-bit glibc and musl: f_flag follows nine words.
    private const int FlagOffset = 9 * sizeof(ulong);
    private const int StructureSize = 256;

    /// <summary>Whether the effective user may write to what is at this path. False also when there is nothing.</summary>
    public static bool MayWrite(string path) => TryAccess(path, Libc.MayWrite) == 0;

    /// <summary>Whether the effective user may read what is at this path. False also when there is nothing.</summary>
    public static bool MayRead(string path) => TryAccess(path, Libc.MayRead) == 0;

    /// <summary>Whether something is at this path, or hidden behind a folder that this user may not search.</summary>
    public static bool IsThere(string path) => TryAccess(path, Libc.IsThere) is 0 or LibcException.AccessDenied;

    /// <summary>Whether nobody can write there through this mount.</summary>
    /// <exception cref="LibcException">There is nothing, or it can't be looked at.</exception>
    public static bool IsOnReadOnlyFileSystem(string path)
    {
        byte* structure = stackalloc byte[StructureSize];
        fixed (byte* name = NativePath.Of(path))
        {
            if (Libc.FileSystemStatus(name, structure) != 0)
            {
                throw new LibcException(Marshal.GetLastPInvokeError(), "statvfs", path);
            }
        }

        ulong flags = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(structure + FlagOffset, sizeof(ulong)));
        return (flags & ReadOnlyFlag) != 0;
    }

    private static int TryAccess(string path, int mode)
    {
        fixed (byte* name = NativePath.Of(path))
        {
            return Libc.AccessAt(Libc.NoDirectory, name, mode, Libc.AtEffectiveAccess) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }
}
