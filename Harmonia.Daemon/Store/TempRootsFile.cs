using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>
/// Temporary roots: a locked file in <c>temproots</c> with the store paths that garbage collectors must keep. Dispose removes it. For one
/// task at a time. Nix: src/libstore/gc.cc, LocalStore::addTempRoot and createTempRootsFile.
/// </summary>
internal sealed class TempRootsFile : IDisposable
{
    /// <summary>The time between two attempts. Locks are held only for moments here, and a collector starts or ends as quickly.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string _stateDirectory;
    private readonly StoreDirectory _directory;
    private readonly RunningCollector _collector;
    private readonly LockFile _file;
    private long _length;

    private TempRootsFile(string stateDirectory, StoreDirectory directory, RunningCollector collector, LockFile file) =>
        (_stateDirectory, _directory, _collector, _file) = (stateDirectory, directory, collector, file);

    /// <summary>Creates an empty file.</summary>
    /// <param name="stateDirectory">The directory that contains temproots.</param>
    /// <param name="directory">The store directory of the paths.</param>
    /// <param name="collector">The connection to a running collector; the caller disposes it.</param>
    /// <param name="name">
    /// A unique name for the file. It must begin with a digit, because Nix's collectors up to 2.34 parse it as a process ID.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait for a collector that is reading a file with this name.</param>
    /// <exception cref="SystemCallException">This process may not write to the state directory.</exception>
    public static async Task<TempRootsFile> CreateAsync(
        string stateDirectory, StoreDirectory directory, RunningCollector collector, string name, CancellationToken cancellationToken)
    {
        string path = Path.Combine(stateDirectory, "temproots", name);
        while (true)
        {
            LockFile file = LockFile.Open(path);
            try
            {
                // A collector took the lock first, treated the file as that of a dead process, unlinked it and wrote to it.
                if (file.TryLockExclusive() && FileStatus.Of(file.Handle, path).Size == 0)
                {
                    return new TempRootsFile(stateDirectory, directory, collector, file);
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
            FileRemoval.Unlink(path);
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Protects one more path, valid or not. Waits for the confirmation of a running collector.</summary>
    /// <exception cref="SystemCallException">This process may not take the lock.</exception>
    public async Task AddAsync(StorePath path, CancellationToken cancellationToken)
    {
        using LockFile collectorLock = LockFile.Open(Path.Combine(_stateDirectory, "gc.lock"));
        while (!collectorLock.TryLockShared() && !await _collector.TryTellAsync(path, cancellationToken))
        {
            await Task.Delay(Pause, cancellationToken);
        }

        // This is necessary even if the running collector knows the path, because the next collector reads the file.
        byte[] line = Encoding.UTF8.GetBytes(_directory.Print(path) + '\0');
        RandomAccess.Write(_file.Handle, line, _length);
        _length += line.Length;
    }

    public void Dispose()
    {
        using (_file)
        {
            // The next collector removes a file that is left without a lock.
            _ = FileRemoval.TryUnlink(_file.Path);
        }
    }
}
