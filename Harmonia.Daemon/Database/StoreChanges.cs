using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Counts the changes of the database by any process. With <c>pragma data_version</c>, SQLite tells a connection whether another
/// connection, of this or another process, has committed since the last call. This takes microseconds, and does not say what was
/// committed. So the changes of all processes, Nix's own included, are noticed without their help, and those of this process at once.
/// Nothing is queried while no client waits.
/// </summary>
internal sealed class StoreChanges(StoreDatabase database, TimeProvider time) : IDisposable
{
    /// <summary>The interval between two checks while a client waits: the maximum delay of a change by other processes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private DatabaseAccess? _access;
    private SqliteConnection? _observer;
    private PreparedQuery? _dataVersion;
    private long _lastVersion;
    private ulong _generation;

    /// <summary>Returns the generation as soon as it differs from the known one, or when the time is up. Never 0.</summary>
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

    /// <summary>The current generation. Never 0, and never less than before.</summary>
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
                // Anything may happen until it can be read again, so this counts as a change.
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
