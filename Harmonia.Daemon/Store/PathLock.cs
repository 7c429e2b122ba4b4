using System.Diagnostics.CodeAnalysis;
using Harmonia.Daemon.Interop;

namespace Harmonia.Daemon.Store;

/// <summary>
/// The lock that whoever makes a path holds meanwhile. Dispose removes its file. Nix: src/libstore/pathlocks.cc, PathLocks.
/// </summary>
internal sealed class PathLock : IDisposable
{
    private readonly LockFile _file;

    private PathLock(LockFile file) => _file = file;

    /// <summary>Waits for the lock. Blocks its thread.</summary>
    /// <param name="realPath">The path in the file system.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "Disposed in the loop, or handed to the caller.")]
    public static PathLock Take(string realPath)
    {
        while (true)
        {
            LockFile file = LockFile.Open(realPath + ".lock");
            file.LockExclusive();

            // Whoever had the lock before has removed the file, and says so in it: then this is not the file the next one will lock.
            if (FileStatus.Of(file.Handle, file.Path).Size == 0)
            {
                return new PathLock(file);
            }

            file.Dispose();
        }
    }

    public void Dispose()
    {
        FileRemoval.Unlink(_file.Path);
        RandomAccess.Write(_file.Handle, "d"u8, 0);
        _file.Dispose();
    }
}
