using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// The queries of the store's database for operations. Every method reads one state of the database and is fast enough to run on the
/// caller's thread: microseconds, or a millisecond for each ten thousand paths of the answer.
/// </summary>
internal sealed class StoreDatabase : IDisposable
{
    private readonly StoreConnectionPool _connections;

    /// <summary>Opens the database.</summary>
    /// <param name="path">The file db.sqlite.</param>
    /// <param name="directory">The directory of its paths.</param>
    /// <param name="connections">The maximum number of queries at the same time.</param>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    public StoreDatabase(string path, StoreDirectory directory, int connections)
    {
        Directory = directory;
        _connections = new StoreConnectionPool(path, directory, connections);
    }

    public StoreDirectory Directory { get; }

    /// <summary>How the database is read at the moment.</summary>
    public DatabaseAccess Access => _connections.Access;

    /// <summary>How the file at the database's path is read. A new object if the file was replaced.</summary>
    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    public DatabaseAccess Refresh() => _connections.Refresh();

    /// <summary>How many queries there were, without those that read whole tables.</summary>
    public long Queries => _connections.Rents;

    /// <summary>
    /// Gives back what connections keep to be quick: the pages that they have mapped count as memory of this process. The next queries find
    /// the pages again.
    /// </summary>
    public void Shrink() => _connections.CloseIdle();

    public bool IsValidPath(StorePath path) => Read(path, static (connection, path) => connection.Paths.IsValid(path));

    /// <summary>The valid ones among these paths, in their order.</summary>
    public IReadOnlyList<StorePath> QueryValidPaths(IReadOnlyCollection<StorePath> paths) =>
        Read(paths, static (connection, paths) => paths.Where(connection.Paths.IsValid).ToList());

    public UnkeyedValidPathInfo? QueryPathInfo(StorePath path) =>
        Read(path, static (connection, path) => connection.Paths.FindInfo(path));

    public StorePath? QueryPathFromHashPart(StorePathHash hashPart) =>
        Read(hashPart, static (connection, hashPart) => connection.Paths.FindByHashPart(hashPart));

    /// <summary>The paths with these hash parts, in their order; null if there is none.</summary>
    public IReadOnlyList<ValidPathInfo?> QueryPathInfos(IReadOnlyList<StorePathHash> hashParts) =>
        Read(hashParts, static (connection, hashParts) => hashParts.Select(connection.Paths.FindInfoByHashPart).ToArray());

    /// <summary>The number of valid paths: a scan of the smallest index.</summary>
    public long CountValidPaths() => ReadAll(static connection => connection.Paths.Count());

    /// <summary>All valid paths, to be read one at a time. The caller disposes it.</summary>
    public AllPaths ReadAllValidPaths() => new(StoreConnection.Open(_connections.Refresh(), Directory, mayMap: false), Directory);

    public IReadOnlyList<StorePath> QueryAllValidPaths() => ReadAll(static connection => connection.Paths.All());

    /// <summary>All paths and references. 1,000,000 paths take about three seconds.</summary>
    /// <param name="outputs">Whether derivations keep their outputs.</param>
    /// <param name="derivations">Whether outputs keep their derivations.</param>
    public StoreGraph ReadGraph(bool outputs, bool derivations) => ReadAll(connection => connection.ReadGraph(outputs, derivations));

    public IReadOnlyList<StorePath> QueryReferrers(StorePath path) =>
        Read(path, static (connection, path) => connection.Paths.Referrers(path));

    public IReadOnlyList<StorePath> QueryValidDerivers(StorePath path) =>
        Read(path, static (connection, path) => connection.Outputs.Derivers(path));

    /// <summary>The outputs whose paths are computed from the derivation alone; null if the derivation is not valid.</summary>
    public IReadOnlyDictionary<string, StorePath>? QueryStaticOutputs(StorePath derivation) =>
        Read(derivation, static (connection, derivation) => connection.Paths.FindId(derivation) is long id ? connection.Outputs.Of(id) : null);

    /// <summary>Whether realisations of content-addressed outputs are recorded, which Nix does with ca-derivations.</summary>
    public bool KnowsRealisations => Read(0, static (connection, _) => connection.Realisations.HasTable);

    /// <summary>Whether realisations are recorded by the hashes of derivations, as up to Nix 2.34.</summary>
    public bool KnowsRealisationsByHash => Read(0, static (connection, _) => connection.Realisations.HasTableByHash);

    public Realisation? QueryRealisation(DrvOutput id) =>
        Read(id, static (connection, id) => connection.Realisations.Find(id));

    public UnkeyedRealisation? QueryRealisation(BuildTraceKey key) =>
        Read(key, static (connection, key) => connection.Realisations.Find(key));

    public void Dispose() => _connections.Dispose();

    /// <summary>Reads whole tables, on a connection of their own: one of the pool would map the file as far as it is read.</summary>
    private T ReadAll<T>(Func<StoreConnection, T> query)
    {
        while (true)
        {
            using StoreConnection connection = StoreConnection.Open(_connections.Refresh(), Directory, mayMap: false);
            T answer = Read(connection, query, static (connection, query) => query(connection));
            if (connection.IsTrue)
            {
                return answer;
            }
        }
    }

    private T Read<TState, T>(TState state, Func<StoreConnection, TState, T> query)
    {
        while (true)
        {
            StoreConnection connection = _connections.Rent();
            bool isClean = false;
            try
            {
                T answer = Read(connection, state, query);
                isClean = true;
                if (connection.IsTrue)
                {
                    return answer;
                }
            }
            finally
            {
                _connections.Return(connection, isClean);
            }
        }
    }

    private static T Read<TState, T>(StoreConnection connection, TState state, Func<StoreConnection, TState, T> query)
    {
        try
        {
            connection.Begin();
            T answer = query(connection, state);
            connection.End();
            return answer;
        }
        catch (SqliteException exception)
        {
            throw new DatabaseException(connection.Access.Path, exception);
        }
    }
}
