using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Interop;

/// <summary>Removes files.</summary>
internal static class FileRemoval
{
    /// <summary>Removes a file, socket or symbolic link. Does nothing if it does not exist.</summary>
    /// <exception cref="LibcException">It cannot be removed.</exception>
    public static void Unlink(string path)
    {
        if (Remove(path) is not (0 or LibcException.NoSuchEntry) and int error)
        {
            throw new LibcException(error, "unlink", path);
        }
    }

    /// <summary>Does the same without exceptions; false if it cannot be removed.</summary>
    public static bool TryUnlink(string path) => Remove(path) is 0 or LibcException.NoSuchEntry;

    private static unsafe int Remove(string path)
    {
        fixed (byte* name = NativePath.Of(path))
        {
            return Libc.UnlinkAt(Libc.NoDirectory, name, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }
}
