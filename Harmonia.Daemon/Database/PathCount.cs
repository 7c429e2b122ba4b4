namespace Harmonia.Daemon.Database;

/// <summary>Remembers how many paths are valid until the database changes. To count 1,000,000 of them takes some ten milliseconds.</summary>
internal sealed class PathCount(StoreDatabase database, StoreChanges changes)
{
    private readonly Lock _gate = new();
    private ulong _generation;
    private long _count;

    /// <summary>The number of valid paths.</summary>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    /// <exception cref="DatabaseException">The database can't be read.</exception>
    public long Find()
    {
        // Clients that ask at the same time wait for one count.
        lock (_gate)
        {
            ulong generation = changes.Look();
            if (generation != _generation)
            {
                _count = database.CountValidPaths();
                _generation = generation;
            }

            return _count;
        }
    }
}
