using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>Reads symbolic links, whose names and targets are bytes.</summary>
internal static unsafe class SymbolicLink
{
    /// <summary>PATH_MAX: no system call makes a longer target.</summary>
    private const int MaxLength = 4096;

    /// <summary>The target of the link at an absolute path; null when it is no link, or nothing is to be seen there.</summary>
    /// <exception cref="LibcException">It can't be read for another reason.</exception>
    public static byte[]? Find(ReadOnlySpan<byte> path) => Find(Libc.NoDirectory, path, "/");

    /// <summary>The target of a link in a directory; null when it is no link, or nothing is to be seen there.</summary>
    /// <exception cref="LibcException">It can't be read for another reason.</exception>
    public static byte[]? Find(SafeFileHandle directory, ReadOnlySpan<byte> name, string description)
    {
        byte* target = stackalloc byte[MaxLength];
        fixed (byte* path = NativePath.Of(name))
        {
            nint length = Libc.ReadLinkAt(directory, path, target, MaxLength);
            if (length >= 0)
            {
                return new ReadOnlySpan<byte>(target, (int)length).ToArray();
            }
        }

        int error = Marshal.GetLastPInvokeError();
        return LibcException.IsInvisible(error) ? null : throw new LibcException(error, "readlink", description);
    }
}
