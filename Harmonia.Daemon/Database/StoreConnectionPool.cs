using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>
/// A pool with a maximum number of connections to one database; each serves one answer at a time. If another file replaces the database, it
/// opens that file. Owns its connections and the access that they share.
/// </summary>
internal sealed class StoreConnectionPool : IDisposable
{
    private readonly string _path;
    private readonly StoreDirectory _directory;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _gate = new();
    private readonly Stack<StoreConnection> _idle = [];
    private DatabaseAccess _access;
    private long _rents;
    private bool _disposed;

    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    public StoreConnectionPool(string path, StoreDirectory directory, int size)
    {
        _path = path;
        _directory = directory;
        _slots = new SemaphoreSlim(size);
        _access = DatabaseAccess.Open(path);
    }

    /// <summary>How the database is read currently.</summary>
    public DatabaseAccess Access
    {
        get
        {
            lock (_gate)
            {
                return _access;
            }
        }
    }

    /// <summary>How often a connection was rented.</summary>
    public long Rents => Interlocked.Read(ref _rents);

    /// <summary>
    /// Rents a connection to the file that is at the path now. If all are rented, waits for one, which takes microseconds.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    public StoreConnection Rent()
    {
        Interlocked.Increment(ref _rents);
        _slots.Wait();
        try
        {
            DatabaseAccess access = Refresh();
            return TakeIdle() ?? StoreConnection.Open(access, _directory, mayMap: true);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    /// <summary>Returns a connection to the pool.</summary>
    /// <param name="connection">The rented connection.</param>
    /// <param name="isClean">Whether its transaction has ended without error. Otherwise the connection is closed.</param>
    public void Return(StoreConnection connection, bool isClean)
    {
        bool keep;
        lock (_gate)
        {
            keep = isClean && !_disposed && connection.Access == _access;
            if (keep)
            {
                _idle.Push(connection);
            }
        }

        if (!keep)
        {
            connection.Dispose();
        }

        _slots.Release();
    }

    /// <summary>Checks which file is at the path now, and returns how it is read.</summary>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    public DatabaseAccess Refresh()
    {
        // Outside the lock, because it is a system call, and it does not matter which thread's result is used.
        DatabaseAccess access = Access;
        if (access.IsCurrent())
        {
            return access;
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_access == access)
            {
                DatabaseAccess next = DatabaseAccess.Open(_path);
                CloseAll();
                _access = next;
            }

            return _access;
        }
    }

    /// <summary>Closes the connections that nobody has rented. Opening one takes about a millisecond.</summary>
    public void CloseIdle()
    {
        lock (_gate)
        {
            Close();
        }
    }

    /// <summary>Closes all connections. A rented connection is closed when it is returned.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            CloseAll();
        }
    }

    private StoreConnection? TakeIdle()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _idle.TryPop(out StoreConnection? connection) ? connection : null;
        }
    }

    private void CloseAll()
    {
        Close();
        _access.Dispose();
    }

    private void Close()
    {
        while (_idle.TryPop(out StoreConnection? connection))
        {
            connection.Dispose();
        }
    }
}
