using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>
/// One connection to the store's database with its prepared statements: the questions of one answer, asked by one thread inside one
/// read transaction. Owned by the pool. Nix: src/libstore/local-store.cc, LocalStore::State.
/// </summary>
internal sealed class StoreConnection : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly StoreDirectory _directory;
    private readonly LockFile? _bigLock;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _id;
    private readonly SqliteStatement _pathInfo;
    private readonly SqliteStatement _references;
    private readonly SqliteStatement _hashPart;
    private readonly SqliteStatement _pathInfoByHashPart;
    private readonly SqliteStatement _allPaths;
    private readonly SqliteStatement _referrers;
    private readonly SqliteStatement _derivers;
    private readonly SqliteStatement _outputs;

    /// <summary>Takes over both the database and the lock.</summary>
    private StoreConnection(DatabaseAccess access, SqliteDatabase database, LockFile? bigLock, StoreDirectory directory)
    {
        Access = access;
        _database = database;
        _bigLock = bigLock;
        _directory = directory;
        _begin = database.Prepare("begin"u8);
        _commit = database.Prepare("commit"u8);
        _id = database.Prepare("select id from ValidPaths where path = ?"u8);
        _pathInfo = database.Prepare(
            "select id, hash, registrationTime, deriver, narSize, ultimate, sigs, ca from ValidPaths where path = ?"u8);
        _references = database.Prepare(
            "select path from Refs join ValidPaths on reference = id where referrer = ? order by path"u8);
        _hashPart = database.Prepare("select path from ValidPaths where path >= ? order by path limit 1"u8);
        _pathInfoByHashPart = database.Prepare(
            """
            select path, id, hash, registrationTime, deriver, narSize, ultimate, sigs, ca from ValidPaths
            where path >= ? order by path limit 1
            """u8);
        _allPaths = database.Prepare("select path from ValidPaths order by path"u8);
        _referrers = database.Prepare(
            """
            select path from Refs join ValidPaths on referrer = id
            where reference = (select id from ValidPaths where path = ?) order by path
            """u8);
        _derivers = database.Prepare(
            "select v.path from DerivationOutputs d join ValidPaths v on d.drv = v.id where d.path = ? order by v.path"u8);
        _outputs = database.Prepare("select id, path from DerivationOutputs where drv = ?"u8);
        Realisations = new RealisationQueries(database, directory);
    }

    /// <summary>What the connection was opened through.</summary>
    public DatabaseAccess Access { get; }

    public RealisationQueries Realisations { get; }

    /// <exception cref="DatabaseUnavailableException">The database can't be opened.</exception>
    public static StoreConnection Open(DatabaseAccess access, StoreDirectory directory)
    {
        SqliteDatabase database = access.OpenReader();
        LockFile? bigLock = null;
        try
        {
            bigLock = access.OpenBigLock();
            return new StoreConnection(access, database, bigLock, directory);
        }
        catch
        {
            bigLock?.Dispose();
            database.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins to read one state of the database. Meanwhile no other process changes the schema: Nix does so only with the big lock to
    /// itself. Between answers the lock is free, so that a new version of Nix need not wait for this daemon to end.
    /// </summary>
    public void Begin()
    {
        _bigLock?.LockShared();
        _begin.Execute();
    }

    /// <summary>Ends what <see cref="Begin"/> began.</summary>
    public void End()
    {
        _commit.Execute();
        _bigLock?.Unlock();
    }

    public bool IsValidPath(StorePath path) => FindId(path) is not null;

    public UnkeyedValidPathInfo? FindPathInfo(StorePath path)
    {
        SqliteStatement row = BindPath(_pathInfo, path);
        try
        {
            return row.Step() ? StoreRow.PathInfo(row, 1, path, ReadPaths(_references.Bind(1, row.Int64(0))), _directory) : null;
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>The path with this hash part: the first one that sorts behind it, if it begins with it.</summary>
    public StorePath? FindPathByHashPart(StorePathHash hashPart)
    {
        byte[] prefix = PrefixOf(hashPart);
        SqliteStatement row = _hashPart.Bind(1, prefix);
        try
        {
            return row.Step() && row.Utf8(0).StartsWith(prefix) ? StoreRow.Path(row, 0, _directory) : null;
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>The path with this hash part and what is known of it.</summary>
    public ValidPathInfo? FindPathInfoByHashPart(StorePathHash hashPart)
    {
        byte[] prefix = PrefixOf(hashPart);
        SqliteStatement row = _pathInfoByHashPart.Bind(1, prefix);
        try
        {
            if (!row.Step() || !row.Utf8(0).StartsWith(prefix))
            {
                return null;
            }

            StorePath path = StoreRow.Path(row, 0, _directory);
            List<StorePath> references = ReadPaths(_references.Bind(1, row.Int64(1)));
            return new ValidPathInfo { Path = path, Info = StoreRow.PathInfo(row, 2, path, references, _directory) };
        }
        finally
        {
            row.Reset();
        }
    }

    public StoreGraph ReadGraph() => StoreGraph.Read(_database, Realisations, _directory);

    public List<StorePath> AllValidPaths() => ReadPaths(_allPaths);

    public List<StorePath> Referrers(StorePath path) => ReadPaths(BindPath(_referrers, path));

    public List<StorePath> ValidDerivers(StorePath path) => ReadPaths(BindPath(_derivers, path));

    /// <summary>The outputs whose paths follow from the derivation alone; null when the derivation is not valid.</summary>
    public SortedDictionary<string, StorePath>? FindStaticOutputs(StorePath derivation)
    {
        if (FindId(derivation) is not long id)
        {
            return null;
        }

        SortedDictionary<string, StorePath> outputs = new(StringComparer.Ordinal);
        SqliteStatement rows = _outputs.Bind(1, id);
        try
        {
            while (rows.Step())
            {
                outputs[rows.Text(0)] = StoreRow.Path(rows, 1, _directory);
            }

            return outputs;
        }
        finally
        {
            rows.Reset();
        }
    }

    public void Dispose()
    {
        Realisations.Dispose();
        foreach (SqliteStatement statement in (ReadOnlySpan<SqliteStatement>)
            [_begin, _commit, _id, _pathInfo, _references, _hashPart, _pathInfoByHashPart, _allPaths, _referrers, _derivers, _outputs])
        {
            statement.Dispose();
        }

        _database.Dispose();
        _bigLock?.Dispose();
    }

    private long? FindId(StorePath path)
    {
        SqliteStatement row = BindPath(_id, path);
        try
        {
            return row.Step() ? row.Int64(0) : null;
        }
        finally
        {
            row.Reset();
        }
    }

    private byte[] PrefixOf(StorePathHash hashPart) => Encoding.UTF8.GetBytes($"{_directory.Path}/{hashPart}-");

    private SqliteStatement BindPath(SqliteStatement statement, StorePath path) => statement.Bind(1, _directory.Print(path));

    private List<StorePath> ReadPaths(SqliteStatement rows)
    {
        try
        {
            List<StorePath> paths = [];
            while (rows.Step())
            {
                paths.Add(StoreRow.Path(rows, 0, _directory));
            }

            return paths;
        }
        finally
        {
            rows.Reset();
        }
    }
}
