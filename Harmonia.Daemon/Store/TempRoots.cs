using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>Makes files of temporary roots, each with a name of its own in this process. Outlives them.</summary>
internal sealed class TempRoots(string stateDirectory, StoreDirectory directory) : IDisposable
{
    private readonly RunningCollector _collector = new(stateDirectory, directory);
    private long _files;

    /// <summary>Makes an empty file; whoever disposes it gives up its roots.</summary>
    /// <exception cref="LibcException">This process may not write there.</exception>
    public Task<TempRootsFile> CreateFileAsync(CancellationToken cancellationToken) => TempRootsFile.CreateAsync(
        stateDirectory, directory, _collector, $"{Environment.ProcessId}-{Interlocked.Increment(ref _files)}", cancellationToken);

    /// <summary>Protects one path until the result is disposed; null where this process may not.</summary>
    public async Task<TempRootsFile?> TryProtectAsync(StorePath path, CancellationToken cancellationToken)
    {
        TempRootsFile? file = null;
        try
        {
            file = await CreateFileAsync(cancellationToken).ConfigureAwait(false);
            await file.AddAsync(path, cancellationToken).ConfigureAwait(false);
            return file;
        }
        catch (LibcException exception) when (exception.IsRefusal || exception.Error == LibcException.NoSuchEntry)
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
