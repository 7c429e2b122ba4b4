using System.Text;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// The most frequent queries: whether a path is valid, and its metadata. For one thread at a time. Nix:
/// src/libstore/local-store.cc, LocalStore::State.
/// </summary>
internal sealed class PathQueries(SqliteConnection connection, StoreDirectory directory) : IDisposable
{
    private readonly PreparedQuery _id = new(connection, "select id from ValidPaths where path = ?");
    private readonly PreparedQuery _pathInfo = new(
        connection, "select id, hash, registrationTime, deriver, narSize, ultimate, sigs, ca from ValidPaths where path = ?");
    private readonly PreparedQuery _references = new(
        connection, "select path from Refs join ValidPaths on reference = id where referrer = ? order by path");
    private readonly PreparedQuery _hashPart = new(connection, "select path from ValidPaths where path >= ? order by path limit 1");
    private readonly PreparedQuery _pathInfoByHashPart = new(
        connection,
        """
        select path, id, hash, registrationTime, deriver, narSize, ultimate, sigs, ca from ValidPaths
        where path >= ? order by path limit 1
        """);
    private readonly PreparedQuery _all = new(connection, "select path from ValidPaths order by path");
    private readonly PreparedQuery _referrers = new(
        connection,
        """
        select path from Refs join ValidPaths on referrer = id
        where reference = (select id from ValidPaths where path = ?) order by path
        """);

    public bool IsValid(StorePath path) => FindId(path) is not null;

    /// <summary>The path's number in the database; null if it is not valid.</summary>
    public long? FindId(StorePath path)
    {
        PreparedQuery row = _id.Bind(directory.Print(path));
        try
        {
            return row.Step() ? row.Int64(0) : null;
        }
        finally
        {
            row.Reset();
        }
    }

    public UnkeyedValidPathInfo? FindInfo(StorePath path)
    {
        PreparedQuery row = _pathInfo.Bind(directory.Print(path));
        try
        {
            return row.Step() ? StoreRow.PathInfo(row, 1, path, Read(_references.Bind(row.Int64(0))), directory) : null;
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>The path with this hash part: the first path that sorts after the hash part, if it begins with it.</summary>
    public StorePath? FindByHashPart(StorePathHash hashPart)
    {
        byte[] prefix = PrefixOf(hashPart);
        PreparedQuery row = _hashPart.Bind(prefix);
        try
        {
            return row.Step() && row.Utf8(0).StartsWith(prefix) ? StoreRow.Path(row.Utf8(0), directory) : null;
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>The path with this hash part, and its metadata.</summary>
    public ValidPathInfo? FindInfoByHashPart(StorePathHash hashPart)
    {
        byte[] prefix = PrefixOf(hashPart);
        PreparedQuery row = _pathInfoByHashPart.Bind(prefix);
        try
        {
            if (!row.Step() || !row.Utf8(0).StartsWith(prefix))
            {
                return null;
            }

            StorePath path = StoreRow.Path(row.Utf8(0), directory);
            List<StorePath> references = Read(_references.Bind(row.Int64(1)));
            return new ValidPathInfo { Path = path, Info = StoreRow.PathInfo(row, 2, path, references, directory) };
        }
        finally
        {
            row.Reset();
        }
    }

    public List<StorePath> All() => Read(_all);

    public List<StorePath> Referrers(StorePath path) => Read(_referrers.Bind(directory.Print(path)));

    public void Dispose()
    {
        foreach (PreparedQuery query in (ReadOnlySpan<PreparedQuery>)[_id, _pathInfo, _references, _hashPart, _pathInfoByHashPart, _all, _referrers])
        {
            query.Dispose();
        }
    }

    private byte[] PrefixOf(StorePathHash hashPart) => Encoding.UTF8.GetBytes($"{directory.Path}/{hashPart}-");

    private List<StorePath> Read(PreparedQuery rows)
    {
        try
        {
            List<StorePath> paths = [];
            while (rows.Step())
            {
                paths.Add(StoreRow.Path(rows.Utf8(0), directory));
            }

            return paths;
        }
        finally
        {
            rows.Reset();
        }
    }
}
