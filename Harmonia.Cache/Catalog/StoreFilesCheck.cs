using Harmonia.Cache.Metrics;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Checks whether the directory of the store's files exists: a mount may be missing, or the name misspelt. Logs when that changes.
/// </summary>
public sealed class StoreFilesCheck(string directory, ILogger<StoreFilesCheck> logger)
{
    private int _isMissing;

    /// <summary>Checks now.</summary>
    public bool AreThere()
    {
        bool isMissing = !Directory.Exists(directory);
        bool wasMissing = Interlocked.Exchange(ref _isMissing, isMissing ? 1 : 0) != 0;
        if (isMissing && !wasMissing)
            logger.StoreFilesMissing(directory);
        else if (wasMissing && !isMissing)
            logger.StoreFilesAreBack(directory);
        return !isMissing;
    }
}
