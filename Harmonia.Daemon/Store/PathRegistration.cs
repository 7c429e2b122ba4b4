using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>
/// Makes paths valid. Owns a connection that may write. Nix: src/libstore/local-store.cc, LocalStore::addValidPath.
/// </summary>
internal sealed class PathRegistration : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _insert;
    private readonly StoreDirectory _directory;

    /// <exception cref="SqliteException">The database can't be opened for writing.</exception>
    public PathRegistration(string databasePath, StoreDirectory directory)
    {
        _directory = directory;
        _database = StoreDatabaseSettings.OpenForWriting(databasePath, SqliteOpenMode.ReadWrite);
        _find = _database.Prepare("select 1 from ValidPaths where path = ?"u8);
        _insert = _database.Prepare(
            """
            insert into ValidPaths (path, hash, registrationTime, deriver, narSize, ultimate, sigs, ca)
            values (?, ?, ?, null, ?, null, null, ?)
            """u8);
    }

    public bool IsValidPath(StorePath path)
    {
        try
        {
            return _find.Bind(1, _directory.Print(path)).Step();
        }
        finally
        {
            _find.Reset();
        }
    }

    /// <summary>Registers a content-addressed path without references.</summary>
    public void Register(StorePath path, NarHash hash, long narSize, ContentAddress address, DateTimeOffset time) => _insert
        .Bind(1, _directory.Print(path))
        .Bind(2, hash.ToPrefixedBase16())
        .Bind(3, time.ToUnixTimeSeconds())
        .Bind(4, narSize)
        .Bind(5, address.ToString())
        .Execute();

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
        _database.Dispose();
    }
}
