using Harmonia.Cache.Metrics;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Whether the directory of the store's files is there: it may be a mount that is missing, or misspelt. The log has a line when that
/// changes.
/// </summary>
public sealed class StoreFilesCheck(string directory, ILogger<StoreFilesCheck> logger)
{
    private int _isMissing;

    /// <summary>Looks now.</summary>
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
