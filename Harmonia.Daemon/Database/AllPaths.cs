using System.Text;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// All valid paths of one state of the database, one at a time and in ascending order, so that a store of any size needs no memory. They are
/// read twice: the first time they are checked and counted. It owns its connection. Dispose it soon: until then the write-ahead log can't be
/// emptied.
/// </summary>
internal sealed class AllPaths : IDisposable
{
    private readonly StoreConnection _connection;
    private readonly StoreDirectory _directory;
    private readonly byte[] _prefix;
    private readonly PreparedQuery _rows;

    /// <summary>Takes over the connection.</summary>
    /// <exception cref="DatabaseException">The database can't be read.</exception>
    /// <exception cref="InvalidRowException">A row does not name a path of this store.</exception>
    public AllPaths(StoreConnection connection, StoreDirectory directory)
    {
        (_connection, _directory) = (connection, directory);
        _prefix = Encoding.UTF8.GetBytes(directory.Path + "/");
        _rows = connection.Paths.AllRows;
        try
        {
            connection.Begin();
            while (Next())
            {
                Count++;
            }

            _rows.Reset();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The number of paths.</summary>
    public int Count { get; }

    /// <summary>The absolute name of a path, valid until the next one.</summary>
    public ReadOnlySpan<byte> Current
    {
        get
        {
            ReadOnlySpan<byte> path = _rows.Utf8(0);
            return path.StartsWith(_prefix) && PathNames.IsPlain(path[_prefix.Length..])
                ? path
                : Encoding.UTF8.GetBytes(_directory.Print(StoreRow.Path(path, _directory)));
        }
    }

    /// <summary>Goes to the next path; false if there is none.</summary>
    /// <exception cref="DatabaseException">The database can't be read.</exception>
    /// <exception cref="InvalidRowException">The row does not name a path of this store.</exception>
    public bool Next()
    {
        try
        {
            return _rows.Step() && !Current.IsEmpty;
        }
        catch (SqliteException exception)
        {
            throw new DatabaseException(_connection.Access.Path, exception);
        }
    }

    public void Dispose()
    {
        _rows.Reset();
        _connection.Dispose();
    }
}
