using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>Creates files with temporary roots, each with a unique name in this process. It must outlive them.</summary>
internal sealed class TempRoots(string stateDirectory, StoreDirectory directory) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly RunningCollector _collector = new(stateDirectory, directory);
    private long _files;

    /// <summary>Creates an empty file. Disposing the file gives up its roots.</summary>
    /// <exception cref="SystemCallException">This process may not write to the state directory.</exception>
    public Task<TempRootsFile> CreateFileAsync(CancellationToken cancellationToken) => TempRootsFile.CreateAsync(
        stateDirectory, directory, _collector, $"{Environment.ProcessId}-{Interlocked.Increment(ref _files)}", cancellationToken);

    /// <summary>Protects all paths until the result is disposed: no garbage collection starts meanwhile.</summary>
    /// <param name="waiting">Called if a collection is running, which has to end first.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="SystemCallException">This process may not take the lock.</exception>
    public async Task<IDisposable> ProtectAllAsync(Func<Task> waiting, CancellationToken cancellationToken)
    {
        LockFile collectorLock = LockFile.Open(Path.Combine(stateDirectory, "gc.lock"));
        try
        {
            if (!collectorLock.TryLockShared())
            {
                await waiting();
                while (!collectorLock.TryLockShared())
                {
                    await Task.Delay(Pause, cancellationToken);
                }
            }

            return collectorLock;
        }
        catch
        {
            collectorLock.Dispose();
            throw;
        }
    }

    /// <summary>Protects one path until the result is disposed; null if this process may not do that.</summary>
    public async Task<TempRootsFile?> TryProtectAsync(StorePath path, CancellationToken cancellationToken)
    {
        TempRootsFile? file = null;
        try
        {
            file = await CreateFileAsync(cancellationToken);
            await file.AddAsync(path, cancellationToken);
            return file;
        }
        catch (SystemCallException exception) when (exception.IsRefusal || exception.ErrorNumber == Errno.NoEntry)
        {
            file?.Dispose();
            return null;
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    public void Dispose() => _collector.Dispose();
}
