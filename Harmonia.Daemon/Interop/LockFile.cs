using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>
/// A file whose flock lock means something to Nix. Dispose closes it, which ends the lock. Nix: src/libstore/unix/pathlocks.cc.
/// </summary>
/// <remarks>A FileStream would take a flock lock of its own when it opens the file.</remarks>
internal sealed class LockFile : IDisposable
{
    private const uint OwnerOnly = 0x180; // 0600

    private LockFile(SafeFileHandle handle, string path) => (Handle, Path) = (handle, path);

    public SafeFileHandle Handle { get; }

    public string Path { get; }

    /// <summary>Opens the file, and creates it if need be.</summary>
    /// <exception cref="LibcException">It can't be opened for writing.</exception>
    public static LockFile Open(string path) => Open(path, Libc.Create, out int error) ?? throw new LibcException(error, "open", path);

    /// <summary>Opens a file that is there; null when there is none.</summary>
    /// <exception cref="LibcException">It can't be opened for writing.</exception>
    public static LockFile? OpenExisting(string path) =>
        Open(path, 0, out int error) ?? (error == LibcException.NoSuchEntry ? null : throw new LibcException(error, "open", path));

    /// <summary>Takes the lock shared, if no one holds it exclusively.</summary>
    public bool TryLockShared() => TryLock(Libc.LockShared);

    /// <summary>Takes the lock exclusively, if no one holds it.</summary>
    public bool TryLockExclusive() => TryLock(Libc.LockExclusive);

    /// <summary>Waits for the lock, shared. Blocks its thread.</summary>
    public void LockShared() => Lock(Libc.LockShared);

    /// <summary>Waits for the lock, exclusively. Blocks its thread.</summary>
    public void LockExclusive() => Lock(Libc.LockExclusive);

    public void Unlock() => Lock(Libc.Unlock);

    public void Dispose() => Handle.Dispose();

    private static unsafe LockFile? Open(string path, int flags, out int error)
    {
        fixed (byte* name = NativePath.Of(path))
        {
            SafeFileHandle handle = Libc.OpenAt(Libc.NoDirectory, name, Libc.ReadWrite | Libc.CloseOnExec | flags, OwnerOnly);
            error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
            return handle.IsInvalid ? null : new LockFile(handle, path);
        }
    }

    private bool TryLock(int kind)
    {
        if (Libc.Lock(Handle, kind | Libc.LockNonBlocking) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == LibcException.TryAgain ? false : throw new LibcException(error, "flock", Path);
    }

    private void Lock(int kind)
    {
        while (Libc.Lock(Handle, kind) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != LibcException.Interrupted)
            {
                throw new LibcException(error, "flock", Path);
            }
        }
    }
}
