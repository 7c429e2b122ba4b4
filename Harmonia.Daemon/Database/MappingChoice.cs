using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Has a connection read through a mapping while the database rests. SQLite gives a mapping up when another connection has committed, and has
/// to find all pages again: 2.8 ms in a store of 1,000,000 paths, as much as a mapping saves in 140 questions. So the file is mapped when that
/// many have found it unchanged. Dispose it before the connection.
/// </summary>
internal sealed class MappingChoice(SqliteConnection connection) : IDisposable
{
    /// <summary>After twice as many questions as pay for a mapping. At worst, it costs half of what it could save.</summary>
    private const int WorthMapping = 256;

    private readonly DataVersion _version = new(connection);
    private long _lastVersion;
    private int _unchanged;
    private bool _isMapped;

    /// <summary>Chooses before a transaction begins.</summary>
    /// <exception cref="SqliteException">The database can't be read.</exception>
    public void Choose()
    {
        long version = _version.Read();
        if (version != _lastVersion)
        {
            (_lastVersion, _unchanged) = (version, 0);
            Set(isMapped: false);
        }
        else if (++_unchanged >= WorthMapping)
        {
            Set(isMapped: true);
        }
    }

    public void Dispose() => _version.Dispose();

    private void Set(bool isMapped)
    {
        if (isMapped != _isMapped)
        {
            DatabaseConnections.SetMapped(connection, isMapped);
            _isMapped = isMapped;
        }
    }
}
