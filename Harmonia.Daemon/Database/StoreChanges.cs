using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Counts the changes of the database, whoever makes them. SQLite tells a connection by <c>pragma data_version</c> whether another
/// one, of this or any other process, has committed since it last asked, which takes microseconds; what was committed it does not
/// tell. So every process that writes, Nix's own included, is noticed without its help, and this one at once. Nothing is asked while
/// nobody waits.
/// </summary>
internal sealed class StoreChanges(StoreDatabase database, TimeProvider time) : IDisposable
{
    /// <summary>How often the database is looked at while somebody waits: the longest time a change by others goes unnoticed.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private DatabaseAccess? _access;
    private SqliteConnection? _observer;
    private PreparedQuery? _dataVersion;
    private long _lastVersion;
    private ulong _generation;

    /// <summary>Returns the generation as soon as it is another than the known one, or when patience is at an end. Never 0.</summary>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    /// <exception cref="DatabaseException">The database can't be read.</exception>
    public async Task<ulong> WaitAsync(ulong known, TimeSpan patience, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            Task change = database.NextChange;
            ulong generation = Look();
            TimeSpan rest = patience - time.GetElapsedTime(started);
            if (generation != known || rest <= TimeSpan.Zero)
            {
                return generation;
            }

            _ = await Task.WhenAny(change, Task.Delay(rest < Interval ? rest : Interval, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The generation of what is committed now. Never 0, and never less than before.</summary>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    /// <exception cref="DatabaseException">The database can't be read.</exception>
    public ulong Look()
    {
        lock (_gate)
        {
            try
            {
                DatabaseAccess access = database.Refresh();
                bool isOther = access != _access;
                if (isOther)
                {
                    Open(access);
                }

                long version = ReadVersion();
                if (isOther || version != _lastVersion)
                {
                    _lastVersion = version;
                    _generation++;
                }

                return _generation;
            }
            catch
            {
                // Whatever happens until it can be read again counts as a change.
                Close();
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    private void Open(DatabaseAccess access)
    {
        Close();
        _observer = access.OpenReader();
        _dataVersion = new PreparedQuery(_observer, "pragma data_version");
        _access = access;
    }

    private long ReadVersion()
    {
        try
        {
            _ = _dataVersion!.Step();
            return _dataVersion.Int64(0);
        }
        catch (SqliteException exception)
        {
            throw new DatabaseException(_access!.Path, exception);
        }
        finally
        {
            _dataVersion!.Reset();
        }
    }

    private void Close()
    {
        _dataVersion?.Dispose();
        _observer?.Dispose();
        (_access, _observer, _dataVersion) = (null, null, null);
    }
}
