using Harmonia.Daemon.Interop;
using SQLitePCL;

namespace Harmonia.Daemon.Database;

/// <summary>One connection to a database file. Used by one thread at a time; owns its handle, not the statements made from it.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>SQLITE_FCNTL_PERSIST_WAL of sqlite3.h.</summary>
    private const int PersistWal = 10;

    private readonly sqlite3 _handle;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle, string path) => (_handle, Path) = (handle, path);

    public string Path { get; }

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <exception cref="SqliteException">The file is not there, or may not be opened like this.</exception>
    public static SqliteDatabase Open(string path, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        int access = mode switch
        {
            SqliteOpenMode.ReadWrite => raw.SQLITE_OPEN_READWRITE,
            SqliteOpenMode.Create => raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE,
            _ => raw.SQLITE_OPEN_READONLY,
        };
        string parameter = mode == SqliteOpenMode.Immutable ? "?immutable=1" : "";

        // A URI, because only there a database can be called immutable; hence the escapes, slashes excepted.
        string uri = $"file:{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}{parameter}";
        int code = raw.sqlite3_open_v2(uri, out sqlite3 handle, access | raw.SQLITE_OPEN_URI | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            handle.Dispose();
            throw new SqliteException(code, path, raw.sqlite3_errstr(code).utf8_to_string());
        }

        _ = raw.sqlite3_extended_result_codes(handle, 1);
        _ = raw.sqlite3_busy_timeout(handle, (int)busyTimeout.TotalMilliseconds);
        return new SqliteDatabase(handle, path);
    }

    /// <summary>Compiles one SQL statement, to be run many times.</summary>
    public SqliteStatement Prepare(ReadOnlySpan<byte> sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt statement));
        return new SqliteStatement(this, statement);
    }

    /// <summary>Runs one SQL statement once and forgets what it answers.</summary>
    public void Execute(ReadOnlySpan<byte> sql)
    {
        using SqliteStatement statement = Prepare(sql);
        while (statement.Step())
        {
        }
    }

    /// <summary>
    /// Leaves the write-ahead log and its index in place when the last connection closes: readers without write permission need them.
    /// </summary>
    public void KeepWriteAheadLog()
    {
        int on = 1;
        Check(SqliteNative.FileControl(_handle, "main", PersistWal, ref on));
    }

    /// <exception cref="SqliteException">The code is not a success.</exception>
    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new SqliteException(raw.sqlite3_extended_errcode(_handle), Path, raw.sqlite3_errmsg(_handle).utf8_to_string());
        }
    }

    public void Dispose() => _handle.Dispose();
}
