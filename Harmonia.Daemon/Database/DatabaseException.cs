using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Harmonia.Daemon.Database;

/// <summary>SQLite reported an error. The message names the database and SQLite's reason.</summary>
internal sealed class DatabaseException(string path, SqliteException cause)
    : IOException($"database '{path}': {ReasonOf(cause)} (SQLite error {cause.SqliteExtendedErrorCode})", cause)
{
    /// <summary>Whether the database, its write-ahead log or the index of the log could not be opened or created.</summary>
    public bool IsInaccessible { get; } = cause.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM;

    /// <summary>SQLite's own text: the part in quotes of <c>SQLite Error 5: 'database is locked'.</c></summary>
    private static string ReasonOf(SqliteException exception)
    {
        string message = exception.Message;
        int first = message.IndexOf('\'', StringComparison.Ordinal);
        int last = message.LastIndexOf('\'');
        return first < last ? message[(first + 1)..last] : message;
    }
}
