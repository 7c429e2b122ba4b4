using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// SQLite's <c>pragma data_version</c> on one connection: a number that changes when another connection, of this or another process, has
/// committed since it was last read. It takes microseconds, and says neither what was committed nor how often. Dispose it before the
/// connection.
/// </summary>
internal sealed class DataVersion(SqliteConnection connection) : IDisposable
{
    private readonly PreparedQuery _query = new(connection, "pragma data_version");

    /// <exception cref="SqliteException">The database can't be read.</exception>
    public long Read()
    {
        try
        {
            _ = _query.Step();
            return _query.Int64(0);
        }
        finally
        {
            _query.Reset();
        }
    }

    public void Dispose() => _query.Dispose();
}
