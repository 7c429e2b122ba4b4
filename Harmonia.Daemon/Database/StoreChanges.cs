using System.Security.Cryptography;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Counts the changes of the database by any process, and knows which paths those of this process concerned. A <see cref="DataVersion"/>
/// tells that something was committed: so the changes of all processes, Nix's own included, are noticed without their help. This process
/// commits through <see cref="Commit"/>, so its changes are noticed at once and told from those of others. Nothing is queried while no
/// client waits and this process changes nothing. Thread-safe.
/// </summary>
/// <remarks>
/// A commit is visible to others a moment before its author continues. A look at that moment can't tell whose commit it sees, so what it
/// finds is unsettled until the author, with two data versions, has found out whether anybody else has committed too.
/// </remarks>
internal sealed class StoreChanges(StoreDatabase database, TimeProvider time) : IDisposable
{
    /// <summary>The interval between two checks while a client waits: the maximum delay of a change by other processes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly ChangeJournal _journal = new(WireLimits.ChangedPaths);
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DatabaseAccess? _access;
    private SqliteConnection? _observer;
    private DataVersion? _version;
    private long _lastVersion;
    private bool _isCommitting;
    private bool _isUnsettled;

    // A client may know a generation of the daemon before this one. It must not be taken for one of this daemon.
    private ulong _generation = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) >> 1;

    /// <summary>Returns the changes since the known generation as soon as there are any, or none when the time is up.</summary>
    /// <param name="known">A generation of this daemon. For any other number, the answer is that any path may have changed.</param>
    /// <param name="patience">The maximum time to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    /// <exception cref="DatabaseException">The database can't be read.</exception>
    public async Task<StoreChange> WaitAsync(ulong known, TimeSpan patience, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            Task next = Volatile.Read(ref _next).Task;
            (StoreChange change, bool isSettled) = LookSince(known);
            TimeSpan rest = patience - time.GetElapsedTime(started);
            if ((isSettled && change.Generation != known) || rest <= TimeSpan.Zero)
            {
                return change;
            }

            _ = await Task.WhenAny(next, Task.Delay(rest < Interval ? rest : Interval, time, cancellationToken));
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
            return LookNow();
        }
    }

    /// <summary>Commits a change of this process, and announces it once it is visible to every reader.</summary>
    /// <param name="access">The database of the writer.</param>
    /// <param name="writer">The data version of the writer's connection, which is in a transaction that may write.</param>
    /// <param name="commit">Ends the transaction.</param>
    /// <param name="changed">The hash parts of the paths that the change concerns.</param>
    public void Commit(DatabaseAccess access, DataVersion writer, Action commit, IReadOnlyCollection<StorePathHash> changed)
    {
        long before = writer.Read();
        Begin();
        bool isCommitted = false;
        try
        {
            commit();
            isCommitted = true;
        }
        finally
        {
            Settle(() => isCommitted && access == _access && writer.Read() == before, changed);
            Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    /// <summary>The transaction keeps others from committing, so everything that is visible now comes from them.</summary>
    private void Begin()
    {
        lock (_gate)
        {
            try
            {
                LookNow();
            }
            catch (IOException)
            {
                // The look is repeated after the commit, and before each answer.
            }

            _isCommitting = true;
        }
    }

    /// <param name="isAlone">Whether nobody but the author has committed up to now; it is asked after a look at what is visible.</param>
    /// <param name="changed">What the author has changed.</param>
    private void Settle(Func<bool> isAlone, IReadOnlyCollection<StorePathHash> changed)
    {
        lock (_gate)
        {
            ulong before = _generation;
            bool wasSeen = _isUnsettled;
            try
            {
                if (LookNow() == before && !wasSeen)
                {
                    // There was nothing to commit.
                }
                else if (isAlone())
                {
                    _journal.Add(++_generation, changed);
                }
                else
                {
                    _journal.Forget(++_generation);
                }
            }
            catch (Exception exception) when (exception is IOException or SqliteException)
            {
                Close();
            }

            (_isCommitting, _isUnsettled) = (false, false);
        }
    }

    private (StoreChange Change, bool IsSettled) LookSince(ulong known)
    {
        lock (_gate)
        {
            ulong generation = LookNow();
            return generation == known ? (new StoreChange(generation, []), true)
                : _isUnsettled || known > generation ? (new StoreChange(generation, null), !_isUnsettled)
                : (new StoreChange(generation, _journal.Since(known)), true);
        }
    }

    private ulong LookNow()
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
                if (isOther || !_isCommitting)
                {
                    _journal.Forget(_generation);
                }
                else
                {
                    _isUnsettled = true;
                }
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

    private void Open(DatabaseAccess access)
    {
        Close();
        _observer = access.OpenReader();
        _version = new DataVersion(_observer);
        _access = access;
    }

    private long ReadVersion()
    {
        try
        {
            return _version!.Read();
        }
        catch (SqliteException exception)
        {
            throw new DatabaseException(_access!.Path, exception);
        }
    }

    private void Close()
    {
        _version?.Dispose();
        _observer?.Dispose();
        (_access, _observer, _version) = (null, null, null);
    }
}
