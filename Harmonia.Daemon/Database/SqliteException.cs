using SQLitePCL;

namespace Harmonia.Daemon.Database;

/// <summary>SQLite refused something. The message names the database and SQLite's reason.</summary>
internal sealed class SqliteException(int code, string path, string message)
    : IOException($"database '{path}': {message} (SQLite error {code})")
{
    /// <summary>The extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>Whether the files beside the database (write-ahead log, its index) could not be opened or made.</summary>
    public bool IsInaccessible => (Code & 0xff) is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM;

    /// <summary>Whether another process holds a lock for longer than the busy time-out.</summary>
    public bool IsBusy => (Code & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_PROTOCOL;
}
