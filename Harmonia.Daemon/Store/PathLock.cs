using Harmonia.Daemon.Interop;

namespace Harmonia.Daemon.Store;

/// <summary>
/// The lock that whoever makes a path holds meanwhile. Dispose removes its file; one that can't be removed is in nobody's way. Nix:
/// src/libstore/pathlocks.cc, PathLocks.
/// </summary>
internal sealed class PathLock : IDisposable
{
    /// <summary>Between looks at a lock that somebody holds: a build, for hours, or another upload, for moments.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly LockFile _file;

    private PathLock(LockFile file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    /// <param name="realPath">The path in the file system.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<PathLock> TakeAsync(string realPath, CancellationToken cancellationToken)
    {
        while (true)
        {
            LockFile file = LockFile.Open(realPath + ".lock");
            try
            {
                while (!file.TryLockExclusive())
                {
                    await Task.Delay(Pause, cancellationToken);
                }

                // Whoever had the lock before has removed the file, and says so in it: then this is not the file the next one will lock.
                if (FileStatus.Of(file.Handle, file.Path).Size == 0)
                {
                    return new PathLock(file);
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
        }
    }

    public void Dispose()
    {
        using (_file)
        {
            if (FileRemoval.TryUnlink(_file.Path))
            {
                Mark();
            }
        }
    }

    private void Mark()
    {
        try
        {
            // Any size will do, and this one takes no room on a disk that is full.
            RandomAccess.SetLength(_file.Handle, 1);
        }
        catch (IOException)
        {
            // Who waits for the lock finds the path valid, or can't write to this disk either.
        }
    }
}
