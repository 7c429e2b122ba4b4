using System.Runtime.InteropServices;
using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Daemon.Interop;

/// <summary>
/// A file that Nix locks with flock(2) too. Dispose closes it, which releases the lock. Nix: src/libstore/unix/pathlocks.cc.
/// </summary>
/// <remarks>A FileStream cannot be used: it takes a flock(2) lock itself when it opens the file.</remarks>
internal sealed class LockFile : IDisposable
{
    private const uint OwnerOnly = 0x180; // 0600

    private LockFile(SafeFileHandle handle, string path) => (Handle, Path) = (handle, path);

    public SafeFileHandle Handle { get; }

    public string Path { get; }

    /// <summary>Opens the file, and creates it if needed.</summary>
    /// <exception cref="SystemCallException">It cannot be opened for writing.</exception>
    public static LockFile Open(string path) => Open(path, OpenFlags.Create, out int error) ?? throw new SystemCallException("open", error, path);

    /// <summary>Opens an existing file; null if there is none.</summary>
    /// <exception cref="SystemCallException">It cannot be opened for writing.</exception>
    public static LockFile? OpenExisting(string path) =>
        Open(path, 0, out int error) ?? (error == Errno.NoEntry ? null : throw new SystemCallException("open", error, path));

    /// <summary>Takes a shared lock, unless another process holds an exclusive one.</summary>
    public bool TryLockShared() => TryLock(Libc.LockShared);

    /// <summary>Takes an exclusive lock, unless another process holds a lock.</summary>
    public bool TryLockExclusive() => TryLock(Libc.LockExclusive);

    /// <summary>Waits for a shared lock. Blocks its thread.</summary>
    public void LockShared() => Lock(Libc.LockShared);

    /// <summary>Waits for an exclusive lock. Blocks its thread.</summary>
    public void LockExclusive() => Lock(Libc.LockExclusive);

    public void Unlock() => Lock(Libc.Unlock);

    public void Dispose() => Handle.Dispose();

    private static LockFile? Open(string path, int flags, out int error)
    {
        int result = LibcFiles.Open(LibcFiles.CurrentDirectory, NativePath.Of(path), OpenFlags.ReadWrite | flags, OwnerOnly);
        error = result < 0 ? -result : 0;
        return result < 0 ? null : new LockFile(new SafeFileHandle(result, ownsHandle: true), path);
    }

    private bool TryLock(int kind)
    {
        if (Libc.Lock(Handle, kind | Libc.LockNonBlocking) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == Errno.TryAgain ? false : throw new SystemCallException("flock", error, Path);
    }

    private void Lock(int kind)
    {
        while (Libc.Lock(Handle, kind) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Errno.Interrupted)
            {
                throw new SystemCallException("flock", error, Path);
            }
        }
    }
}
