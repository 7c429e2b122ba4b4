using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>
/// Store paths that no garbage collector may take while this lives: a file in <c>temproots</c> with their names, locked for as long.
/// Dispose removes it. Used by one task at a time. Nix: src/libstore/gc.cc, LocalStore::addTempRoot and createTempRootsFile.
/// </summary>
internal sealed class TempRootsFile : IDisposable
{
    /// <summary>Between looks at a lock that is held only for moments, and at a collector that has just begun or ended.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string _stateDirectory;
    private readonly StoreDirectory _directory;
    private readonly RunningCollector _collector;
    private readonly LockFile _file;
    private long _length;

    private TempRootsFile(string stateDirectory, StoreDirectory directory, RunningCollector collector, LockFile file) =>
        (_stateDirectory, _directory, _collector, _file) = (stateDirectory, directory, collector, file);

    /// <summary>Makes an empty file.</summary>
    /// <param name="stateDirectory">The folder that has temproots in it.</param>
    /// <param name="directory">How store paths are written.</param>
    /// <param name="collector">Whom to ask while a collector runs; stays the caller's.</param>
    /// <param name="name">
    /// The file's name, which nobody else uses. It must begin with a digit: collectors up to Nix 2.34 read it as a process number.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for a collector that is looking at a file of this name.</param>
    /// <exception cref="LibcException">This process may not write there.</exception>
    public static async Task<TempRootsFile> CreateAsync(
        string stateDirectory, StoreDirectory directory, RunningCollector collector, string name, CancellationToken cancellationToken)
    {
        string path = Path.Combine(stateDirectory, "temproots", name);
        while (true)
        {
            LockFile file = LockFile.Open(path);
            try
            {
                // A collector that got the lock first has taken the file for a dead process's, unlinked it, and written to it.
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

    /// <summary>Protects one more path, valid or not. While a collector runs, waits for it to agree.</summary>
    /// <exception cref="LibcException">This process may not take part in locking.</exception>
    public async Task AddAsync(StorePath path, CancellationToken cancellationToken)
    {
        using LockFile collectorLock = LockFile.Open(Path.Combine(_stateDirectory, "gc.lock"));
        while (!collectorLock.TryLockShared() && !await _collector.TryTellAsync(path, cancellationToken))
        {
            await Task.Delay(Pause, cancellationToken);
        }

        // Also when the running collector knows: the next one reads the file.
        byte[] line = Encoding.UTF8.GetBytes(_directory.Print(path) + '\0');
        RandomAccess.Write(_file.Handle, line, _length);
        _length += line.Length;
    }

    public void Dispose()
    {
        using (_file)
        {
            // One that stays, unlocked, is removed by the next collector.
            _ = FileRemoval.TryUnlink(_file.Path);
        }
    }
}
