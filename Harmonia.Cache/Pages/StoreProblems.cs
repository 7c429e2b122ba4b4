using Harmonia.Cache.Catalog;

namespace Harmonia.Cache.Pages;

/// <summary>Finds out whether paths can be served now, and if not, why.</summary>
public sealed class StoreProblems(IStoreCatalog catalog, StoreFilesCheck files)
{
    private static readonly StoreProblem Unreachable = new(
        "the store daemon cannot be reached", "Start harmonia-daemon or nix-daemon, and see that daemon_socket names its socket.");

    private static readonly StoreProblem Refusing = new(
        "the store daemon refuses the user of the cache", "Let this user connect: see allowed-users in nix.conf.");

    private static readonly StoreProblem Silent = new(
        "the store daemon does not answer in time", "See the log of the daemon, and what keeps its machine busy.");

    private static readonly StoreProblem OtherStoreDirectory = new(
        "the store daemon serves another store directory", "Set virtual_nix_store to the store directory of the daemon.");

    private static readonly StoreProblem FilesMissing = new(
        "the files of the store are not there", "Mount them, or set real_nix_store to their directory.");

    private static readonly StoreProblem Failing = new(
        "the store daemon answers with an error", "The log of the cache has the error.");

    /// <summary>The problem; null if there is none. Fails only by cancellation.</summary>
    public async ValueTask<StoreProblem?> FindAsync(CancellationToken cancellationToken) => await catalog.CheckAsync(cancellationToken) switch
    {
        CatalogState.Ready => files.AreThere() ? null : FilesMissing,
        CatalogState.Unreachable => Unreachable,
        CatalogState.Refusing => Refusing,
        CatalogState.Silent => Silent,
        CatalogState.OtherStoreDirectory => OtherStoreDirectory,
        _ => Failing,
    };
}
