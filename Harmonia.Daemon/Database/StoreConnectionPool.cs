using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Up to a fixed number of connections to one database, each lent to one answer at a time. Notices when the file was replaced by
/// another and then opens that. Owns its connections and the access they share.
/// </summary>
internal sealed class StoreConnectionPool : IDisposable
{
    private readonly string _path;
    private readonly StoreDirectory _directory;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _gate = new();
    private readonly Stack<StoreConnection> _idle = [];
    private DatabaseAccess _access;
    private bool _disposed;

    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    public StoreConnectionPool(string path, StoreDirectory directory, int size)
    {
        _path = path;
        _directory = directory;
        _slots = new SemaphoreSlim(size);
        _access = DatabaseAccess.Open(path);
    }

    /// <summary>How the database is read at the moment.</summary>
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

    /// <summary>Lends a connection to the file that is at the path now. Waits while all are lent out, which is a matter of microseconds.</summary>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    public StoreConnection Rent()
    {
        _slots.Wait();
        try
        {
            DatabaseAccess access = Refresh();
            return TakeIdle() ?? StoreConnection.Open(access, _directory);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    /// <summary>Takes a connection back.</summary>
    /// <param name="connection">What was lent.</param>
    /// <param name="isClean">Whether its transaction ended well; else it is closed.</param>
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

    /// <summary>How the file that is at the path now is read.</summary>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    public DatabaseAccess Refresh()
    {
        // Not under the lock: it is a system call, and one look is as good as another.
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

    /// <summary>Closes everything; a connection that is lent out is closed when it comes back.</summary>
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
        while (_idle.TryPop(out StoreConnection? connection))
        {
            connection.Dispose();
        }

        _access.Dispose();
    }
}
