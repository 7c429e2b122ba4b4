using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Opens connections to the store's database and configures them as Nix does. The caller owns the connection. Nix:
/// src/libstore/local-store.cc, LocalStore::openDB.
/// </summary>
internal static class DatabaseConnections
{
    /// <summary>
    /// Nix waits an hour for a lock. A reader of a write-ahead log waits only while another process recovers the log after a crash. After
    /// this time an error is more useful than a longer wait.
    /// </summary>
    private const string SetBusyTimeout = "pragma busy_timeout = 30000";

    /// <summary>
    /// Microsoft.Data.Sqlite retries a busy command itself, every 150 ms. SQLite's own wait begins with 1 ms, and the statements of
    /// <see cref="PreparedQuery"/> need it too. So SQLite waits, and this is the shortest limit for the retries: 0 means none.
    /// </summary>
    private const int RetrySeconds = 1;

    /// <summary>As much of the file as SQLite can map, 2 GiB; it reads the rest. docs/decisions/0011-mapped-reads.md.</summary>
    private const string MapFile = "pragma mmap_size = 2147418112";
    private const string UnmapFile = "pragma mmap_size = 0";

    // Only one thread at a time uses a connection, so it needs no mutexes. Without them, reading a whole table takes three quarters of the time.
    // Nobody asks how much memory SQLite has, and to count it, all threads would take turns at each allocation.
    static DatabaseConnections()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>Opens a connection for queries and makes sure that it can read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isImmutable">Whether nobody changes the file: SQLite then uses neither locks nor the write-ahead log.</param>
    /// <exception cref="DatabaseException">The database can't be read.</exception>
    public static SqliteConnection OpenForReading(string path, bool isImmutable = false)
    {
        // Only a URI can declare a database immutable, so the path is escaped, except for slashes.
        string source = isImmutable
            ? $"file:{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1"
            : path;
        return Open(path, source, SqliteOpenMode.ReadOnly, Probe);
    }

    /// <summary>Opens a connection that may change the database. The journal mode stays as it is: it belongs to the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="synchronise">Whether a change must be on the disk before it is complete: Nix's fsync-metadata.</param>
    /// <param name="create">Whether to create the file if it is missing.</param>
    /// <exception cref="DatabaseException">The database can't be opened for writing.</exception>
    public static SqliteConnection OpenForWriting(string path, bool synchronise = true, bool create = false) =>
        Open(path, path, create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite, connection =>
        {
            Execute(connection, "pragma foreign_keys = 1");
            Execute(connection, synchronise ? "pragma synchronous = normal" : "pragma synchronous = off");
            Execute(connection, "pragma wal_autocheckpoint = 40000");
            Execute(connection, "pragma main.journal_size_limit = 1099511627776");

            // Readers without write permission need the log and its index, so the last connection to close must not delete them. Nix sets
            // SQLITE_FCNTL_PERSIST_WAL, which has the same effect but no managed call. See EmptyLog for the checkpoint that this omits.
            SqliteException.ThrowExceptionForRC(
                raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _), connection.Handle);
            if (!create)
            {
                Probe(connection);
            }
        });

    /// <summary>
    /// Moves the write-ahead log into the database and empties it, unless another connection is reading or writing. For a connection that
    /// is about to close: SQLite would do the same, but would delete the files as well.
    /// </summary>
    public static void EmptyLog(SqliteConnection connection)
    {
        try
        {
            Execute(connection, "pragma busy_timeout = 0");
            Execute(connection, "pragma wal_checkpoint(truncate)");
        }
        catch (SqliteException)
        {
            // The log stays valid. The next process that opens the database reads it.
        }
    }

    /// <summary>
    /// Has a connection read through a mapping of the file, for queries that need few pages of many, or not. No statement may be running.
    /// </summary>
    public static void SetMapped(SqliteConnection connection, bool isMapped) => Execute(connection, isMapped ? MapFile : UnmapFile);

    /// <summary>Runs one SQL statement once, without its result.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = new(sql, connection);
        _ = command.ExecuteNonQuery();
    }

    // A connection that can't read fails now and not at the first query. The first read also creates the index of the write-ahead log.
    private static void Probe(SqliteConnection connection) =>
        Execute(connection, "select id, path, hash, registrationTime, deriver, narSize, ultimate, sigs, ca from ValidPaths limit 1");

    // No pooling: a pooled connection would keep files open that were replaced or deleted, and would lose its prepared statements anyway.
    private static SqliteConnection Open(string path, string source, SqliteOpenMode mode, Action<SqliteConnection> setUp)
    {
        SqliteConnectionStringBuilder options = new() { DataSource = source, Mode = mode, Pooling = false, DefaultTimeout = RetrySeconds };
        SqliteConnection connection = new(options.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, SetBusyTimeout);
            setUp(connection);
            return connection;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new DatabaseException(path, exception);
        }
    }
}
