using Microsoft.Data.Sqlite;

namespace Harmonia.Tests.Daemon.Database;

/// <summary>Reads the rows of a database that a test asks for.</summary>
internal static class SqliteQuery
{
    /// <summary>Runs a query; returns its rows, each column as text.</summary>
    public static IReadOnlyList<string[]> Query(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = new(sql, connection);
        using SqliteDataReader reader = command.ExecuteReader();
        List<string[]> rows = [];
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }
}
