using Harmonia.Cache.Store;

namespace Harmonia.Cache.Hosting;

/// <summary>
/// Asks the daemon once at the start, so that a wrong socket or store directory stands in the log before the first client comes. The
/// cache starts all the same: the daemon may come later.
/// </summary>
public sealed class StartupCheck(IStoreCatalog catalog) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken) => await catalog.CheckAsync(stoppingToken);
}
