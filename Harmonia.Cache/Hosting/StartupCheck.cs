using Harmonia.Cache.Catalog;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// Asks the daemon and looks for the files once at the start, so that a wrong socket or store directory is in the log before the first
/// client connects. The cache starts anyway: both may appear later.
/// </summary>
public sealed class StartupCheck(IStoreCatalog catalog, StoreFilesCheck files)
{
    /// <summary>Checks both.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        files.AreThere();
        await catalog.CheckAsync(stoppingToken);
    }
}
