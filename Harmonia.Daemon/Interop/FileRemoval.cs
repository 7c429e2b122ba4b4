using System.Runtime.InteropServices;

namespace Harmonia.Daemon.Interop;

/// <summary>Takes names out of the file system.</summary>
internal static class FileRemoval
{
    /// <summary>Removes a file, socket or symbolic link; nothing happens when it is gone already.</summary>
    /// <exception cref="LibcException">It can't be removed.</exception>
    public static unsafe void Unlink(string path)
    {
        fixed (byte* name = NativePath.Of(path))
        {
            int error = Libc.UnlinkAt(Libc.NoDirectory, name, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error is not (0 or LibcException.NoSuchEntry))
            {
                throw new LibcException(error, "unlink", path);
            }
        }
    }
}
