using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>
/// Makes all changes of this process to the store's database, one at a time: SQLite allows one writer, and waiting here costs less than
/// waiting there. Opens the database for writing with the first change, and again when its file was replaced.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="files">The files of new derivations.</param>
/// <param name="changes">Learns what each change concerns.</param>
/// <param name="time">The clock for registration times.</param>
/// <param name="synchronise">Whether to flush each change to disk: Nix's fsync-metadata.</param>
internal sealed class StoreRegistry(
    StoreDatabase database, StoreFiles files, StoreChanges changes, TimeProvider time, bool synchronise = true) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DerivationCheck _derivations = new(files, database.Directory);
    private DatabaseAccess? _access;
    private PathRegistration? _registration;
    private LockFile? _bigLock;

    public HashSet<StorePath> FindValid(IEnumerable<StorePath> paths) => [.. database.QueryValidPaths([.. paths])];

    /// <summary>Makes paths valid, all or none. Their files must be in the store.</summary>
    /// <exception cref="InvalidPathException">A reference is not valid.</exception>
    /// <exception cref="RefusedException">The references form a cycle, or a derivation declares an incorrect output.</exception>
    public void Register(IReadOnlyList<ValidPathInfo> paths) => Change(registration => registration.Register(paths, _derivations.Check));

    /// <summary>Makes one change in a transaction, which is rolled back if the change throws.</summary>
    public void Change(Action<PathRegistration> change) => Use(registration => registration.Change(change));

    /// <summary>Shrinks the database after a garbage collection if most of its file is free.</summary>
    public void Vacuum() => Use(registration => registration.Vacuum());

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    private void Use(Action<PathRegistration> use)
    {
        lock (_gate)
        {
            PathRegistration registration = Open();
            _bigLock?.LockShared();
            try
            {
                use(registration);
            }
            finally
            {
                _bigLock?.Unlock();
            }
        }
    }

    private PathRegistration Open()
    {
        DatabaseAccess access = database.Refresh();
        if (_registration is null || access != _access)
        {
            Close();
            _bigLock = access.OpenBigLock();
            _registration = new PathRegistration(access, database.Directory, changes, time, synchronise);
            _access = access;
        }

        return _registration;
    }

    private void Close()
    {
        _registration?.Dispose();
        _bigLock?.Dispose();
        (_access, _registration, _bigLock) = (null, null, null);
    }
}
