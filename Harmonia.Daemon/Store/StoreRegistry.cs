using Harmonia.Daemon.Database;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>
/// All changes this process makes in the store's database, one at a time: SQLite has one writer, and a wait here costs less than one
/// there. Opens the database for writing with the first, and anew when its file was replaced.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="files">Where derivations are read that become valid.</param>
/// <param name="time">When that was.</param>
/// <param name="synchronise">Whether a change is on its disk before it counts: Nix's fsync-metadata.</param>
internal sealed class StoreRegistry(StoreDatabase database, StoreFiles files, TimeProvider time, bool synchronise = true) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DerivationCheck _derivations = new(files, database.Directory);
    private DatabaseAccess? _access;
    private PathRegistration? _registration;
    private LockFile? _bigLock;

    public HashSet<StorePath> FindValid(IEnumerable<StorePath> paths) => [.. database.QueryValidPaths([.. paths])];

    /// <summary>Makes paths valid whose files are in their places, all or none.</summary>
    /// <exception cref="InvalidPathException">Something they refer to is not valid.</exception>
    /// <exception cref="RefusedException">They refer to each other in a circle, or a derivation lies about its outputs.</exception>
    public void Register(IReadOnlyList<ValidPathInfo> paths) => Change(registration => registration.Register(paths, _derivations.Check));

    /// <summary>Makes one change: all of it, or nothing when it throws.</summary>
    public void Change(Action<PathRegistration> change) => Use(registration => registration.Change(change));

    /// <summary>Gives back the room of what was deleted, if that is most of the file. For a garbage collector that has ended.</summary>
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

        database.AnnounceChange();
    }

    private PathRegistration Open()
    {
        DatabaseAccess access = database.Refresh();
        if (_registration is null || access != _access)
        {
            Close();
            _bigLock = access.OpenBigLock();
            _registration = new PathRegistration(access.Path, database.Directory, time, synchronise);
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
