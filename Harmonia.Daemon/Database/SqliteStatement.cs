using System.Text;
using SQLitePCL;

namespace Harmonia.Daemon.Database;

/// <summary>
/// A compiled SQL statement. Parameters count from 1, columns from 0, as in SQLite. <see cref="Reset"/> it as soon as its rows are
/// read: until then its read transaction stays open and keeps the write-ahead log from being truncated.
/// </summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt statement) : IDisposable
{
    /// <summary>Binds text in UTF-8.</summary>
    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> text)
    {
        database.Check(raw.sqlite3_bind_text(statement, parameter, text));
        return this;
    }

    /// <summary>Binds text, or NULL.</summary>
    public SqliteStatement Bind(int parameter, string? text)
    {
        database.Check(text is null ? raw.sqlite3_bind_null(statement, parameter) : raw.sqlite3_bind_text(statement, parameter, text));
        return this;
    }

    /// <summary>Binds an integer, or NULL.</summary>
    public SqliteStatement Bind(int parameter, long? value)
    {
        database.Check(value is null
            ? raw.sqlite3_bind_null(statement, parameter)
            : raw.sqlite3_bind_int64(statement, parameter, value.Value));
        return this;
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(statement);
        database.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that answers nothing.</summary>
    public void Execute()
    {
        try
        {
            _ = Step();
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Makes the statement ready for the next run. The error of a failed step was thrown there and is not repeated here.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <summary>NULL is 0.</summary>
    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    /// <summary>The bytes of a text, valid until the next step; NULL is empty.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(statement, column);

    /// <summary>A text; NULL is empty.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    public void Dispose() => statement.Dispose();
}
