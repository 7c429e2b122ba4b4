using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>Reads symbolic links, whose names and targets are bytes.</summary>
internal static unsafe class SymbolicLink
{
    /// <summary>PATH_MAX, the maximum length of a target.</summary>
    private const int MaxLength = 4096;

    /// <summary>The target of the symbolic link at an absolute path; null if there is none that this user may see.</summary>
    /// <exception cref="LibcException">It cannot be read for another reason.</exception>
    public static byte[]? Find(ReadOnlySpan<byte> path) => Find(Libc.NoDirectory, path, "/");

    /// <summary>The target of a symbolic link in a directory; null if there is none that this user may see.</summary>
    /// <exception cref="LibcException">It cannot be read for another reason.</exception>
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
