using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;

namespace Harmonia.Daemon.Store;

/// <summary>
/// The lock on a path that is being built or added. Dispose removes its file; a file that cannot be removed does no harm.
/// Nix: src/libstore/pathlocks.cc, PathLocks.
/// </summary>
internal sealed class PathLock : IDisposable
{
    /// <summary>The time between two attempts to take the lock. A build holds it for hours, another upload for moments.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly LockFile _file;

    private PathLock(LockFile file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    /// <param name="realPath">The path in the file system.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
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

                // The previous holder has removed the file and marked it as stale by writing to it, so other processes lock a new file.
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
            // Any length marks the file as stale. This one needs no space on a full disk.
            RandomAccess.SetLength(_file.Handle, 1);
        }
        catch (IOException)
        {
            // A process that waits for the lock finds the path valid, or cannot write to this disk either.
        }
    }
}
