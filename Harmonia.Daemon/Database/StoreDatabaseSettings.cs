namespace Harmonia.Daemon.Database;

/// <summary>How Nix sets up a connection to the store's database. Nix: src/libstore/local-store.cc, LocalStore::openDB.</summary>
internal static class StoreDatabaseSettings
{
    /// <summary>
    /// Nix waits an hour for a lock. Readers of a write-ahead log wait only for its recovery after a crash, so whoever has waited this
    /// long is better told.
    /// </summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Opens a connection that may change the database. The journal mode is left as it is: it belongs to the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">How it is opened.</param>
    /// <param name="synchronise">Whether a change is on its disk before it counts: Nix's fsync-metadata.</param>
    public static SqliteDatabase OpenForWriting(string path, SqliteOpenMode mode, bool synchronise = true)
    {
        SqliteDatabase database = SqliteDatabase.Open(path, mode, BusyTimeout);
        try
        {
            database.Execute("pragma foreign_keys = 1"u8);
            database.Execute(synchronise ? "pragma synchronous = normal"u8 : "pragma synchronous = off"u8);
            database.Execute("pragma wal_autocheckpoint = 40000"u8);
            database.Execute("pragma main.journal_size_limit = 1099511627776"u8);
            database.KeepWriteAheadLog();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Reads something, so that a connection which can't read fails now and not at the first query.</summary>
    public static void Probe(SqliteDatabase database) =>
        database.Execute("select id, path, hash, registrationTime, deriver, narSize, ultimate, sigs, ca from ValidPaths limit 1"u8);
}
