using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// One connection to the store's database with its compiled queries. One thread at a time runs the queries of one answer, in one read
/// transaction. The pool owns it.
/// </summary>
internal sealed class StoreConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly StoreDirectory _directory;
    private readonly LockFile? _bigLock;
    private readonly MappingChoice? _mapping;
    private readonly PreparedQuery _begin;
    private readonly PreparedQuery _commit;

    /// <summary>Takes over both the connection and the lock.</summary>
    private StoreConnection(DatabaseAccess access, SqliteConnection connection, LockFile? bigLock, StoreDirectory directory, bool mayMap)
    {
        Access = access;
        _connection = connection;
        _bigLock = bigLock;
        _directory = directory;
        _mapping = mayMap ? new MappingChoice(connection) : null;
        _begin = new PreparedQuery(connection, "begin");
        _commit = new PreparedQuery(connection, "commit");
        Paths = new PathQueries(connection, directory);
        Outputs = new OutputQueries(connection, directory);
        Realisations = new RealisationQueries(connection, directory);
    }

    /// <summary>How the connection was opened.</summary>
    public DatabaseAccess Access { get; }

    /// <summary>Whether what was read just now is what the database says: a file without locks may have changed meanwhile.</summary>
    public bool IsTrue => !Access.IsImmutable || Access.IsCurrent();

    public PathQueries Paths { get; }

    public OutputQueries Outputs { get; }

    public RealisationQueries Realisations { get; }

    /// <param name="access">The database.</param>
    /// <param name="directory">The directory of its paths.</param>
    /// <param name="mayMap">
    /// Whether it may read through a mapping of the file. What reads it all does not, because the pages would count as memory of this process.
    /// </param>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    /// <exception cref="DatabaseException">SQLite can't read the file.</exception>
    public static StoreConnection Open(DatabaseAccess access, StoreDirectory directory, bool mayMap)
    {
        SqliteConnection connection = access.OpenReader();
        try
        {
            return new StoreConnection(access, connection, access.OpenBigLock(), directory, mayMap);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins to read one state of the database. Until it ends, no other process changes the schema: Nix does this only with an exclusive
    /// big lock. Between answers the lock is free, so a new version of Nix need not wait until this daemon ends.
    /// </summary>
    public void Begin()
    {
        _bigLock?.LockShared();
        _mapping?.Choose();
        Run(_begin);
    }

    /// <summary>Ends the transaction of <see cref="Begin"/>.</summary>
    public void End()
    {
        Run(_commit);
        _bigLock?.Unlock();
    }

    /// <summary>All paths and what they keep: <see cref="StoreGraph.Read"/>.</summary>
    public StoreGraph ReadGraph(bool outputs, bool derivations) => StoreGraph.Read(_connection, Realisations, _directory, outputs, derivations);

    public void Dispose()
    {
        Realisations.Dispose();
        Outputs.Dispose();
        Paths.Dispose();
        _commit.Dispose();
        _begin.Dispose();
        _mapping?.Dispose();
        _connection.Dispose();
        _bigLock?.Dispose();
    }

    private static void Run(PreparedQuery statement)
    {
        try
        {
            _ = statement.Step();
        }
        finally
        {
            statement.Reset();
        }
    }
}
