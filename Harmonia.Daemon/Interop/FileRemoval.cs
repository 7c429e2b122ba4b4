using System.Runtime.InteropServices;
using Harmonia.Protocol.Interop;

namespace Harmonia.Daemon.Interop;

/// <summary>Removes files.</summary>
internal static class FileRemoval
{
    /// <summary>Removes a file, socket or symbolic link. Does nothing if it does not exist.</summary>
    /// <exception cref="SystemCallException">It cannot be removed.</exception>
    public static void Unlink(string path)
    {
        if (Remove(path) is not (0 or Errno.NoEntry) and int error)
        {
            throw new SystemCallException("unlink", error, path);
        }
    }

    /// <summary>Does the same without exceptions; false if it cannot be removed.</summary>
    public static bool TryUnlink(string path) => Remove(path) is 0 or Errno.NoEntry;

    private static unsafe int Remove(string path)
    {
        fixed (byte* name = NativePath.Of(path))
        {
            return Libc.UnlinkAt(LibcFiles.CurrentDirectory, name, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }
}
