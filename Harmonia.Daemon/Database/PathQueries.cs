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
    // What sorts after every name with a hash part: the name goes on with a dash.
    private const byte AfterDash = (byte)'-' + 1;

    private readonly PreparedQuery _id = new(connection, "select id from ValidPaths where path = ?");
    private readonly PreparedQuery _pathInfo = new(
        connection, "select id, hash, registrationTime, deriver, narSize, ultimate, sigs, ca from ValidPaths where path = ?");

    // Sorted here: SQLite would make a table for it.
    private readonly PreparedQuery _references = new(connection, "select path from Refs join ValidPaths on reference = id where referrer = ?");

    // With both bounds, the index alone tells that there is no path.
    private readonly PreparedQuery _hashPart = new(
        connection, "select path from ValidPaths where path >= ? and path < ? order by path limit 1");
    private readonly PreparedQuery _pathInfoByHashPart = new(
        connection,
        """
        select path, id, hash, registrationTime, deriver, narSize, ultimate, sigs, ca from ValidPaths
        where path >= ? and path < ? order by path limit 1
        """);
    private readonly PreparedQuery _referrers = new(
        connection,
        """
        select path from Refs join ValidPaths on referrer = id
        where reference = (select id from ValidPaths where path = ?)
        """);

    private readonly PreparedQuery _count = new(connection, "select count(*) from ValidPaths");

    // The name of the path that is asked for, and the first name after those with its hash part.
    private readonly byte[] _name = [.. Encoding.UTF8.GetBytes(directory.Path), (byte)'/', .. new byte[StorePathHash.Length + 1 + StorePathName.MaxLength]];
    private readonly byte[] _bound = [.. Encoding.UTF8.GetBytes(directory.Path), (byte)'/', .. new byte[StorePathHash.Length], AfterDash];
    private readonly int _baseStart = Encoding.UTF8.GetByteCount(directory.Path) + 1;

    /// <summary>The absolute names of all paths in ascending order. Who reads them resets it.</summary>
    public PreparedQuery AllRows { get; } = new(connection, "select path from ValidPaths order by path");

    public bool IsValid(StorePath path) => FindId(path) is not null;

    /// <summary>The path's number in the database; null if it is not valid.</summary>
    public long? FindId(StorePath path)
    {
        PreparedQuery row = _id.Bind(NameOf(path));
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
        PreparedQuery row = _pathInfo.Bind(NameOf(path));
        try
        {
            return row.Step() ? StoreRow.PathInfo(row, 1, path, ReadSorted(_references.Bind(row.Int64(0))), directory) : null;
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>The path with this hash part; null if there is none.</summary>
    public StorePath? FindByHashPart(StorePathHash hashPart)
    {
        PreparedQuery row = BindRange(_hashPart, hashPart);
        try
        {
            return row.Step() ? StoreRow.Path(row.Utf8(0), directory) : null;
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>The path with this hash part, and its metadata.</summary>
    public ValidPathInfo? FindInfoByHashPart(StorePathHash hashPart)
    {
        PreparedQuery row = BindRange(_pathInfoByHashPart, hashPart);
        try
        {
            if (!row.Step())
            {
                return null;
            }

            StorePath path = StoreRow.Path(row.Utf8(0), directory);
            return new ValidPathInfo { Path = path, Info = StoreRow.PathInfo(row, 2, path, ReadSorted(_references.Bind(row.Int64(1))), directory) };
        }
        finally
        {
            row.Reset();
        }
    }

    public List<StorePath> All() => Read(AllRows);

    public long Count()
    {
        try
        {
            return _count.Step() ? _count.Int64(0) : 0;
        }
        finally
        {
            _count.Reset();
        }
    }

    public List<StorePath> Referrers(StorePath path) => ReadSorted(_referrers.Bind(NameOf(path)));

    public void Dispose()
    {
        foreach (PreparedQuery query in (ReadOnlySpan<PreparedQuery>)[_id, _pathInfo, _references, _hashPart, _pathInfoByHashPart, AllRows, _referrers, _count])
        {
            query.Dispose();
        }
    }

    /// <summary>The absolute name, valid until the next call.</summary>
    private ReadOnlySpan<byte> NameOf(StorePath path) =>
        _name.AsSpan(0, _baseStart + Encoding.ASCII.GetBytes(path.BaseName, _name.AsSpan(_baseStart)));

    private PreparedQuery BindRange(PreparedQuery query, StorePathHash hashPart)
    {
        Span<char> digits = stackalloc char[StorePathHash.Length];
        hashPart.Format(digits);
        int end = _baseStart + Encoding.ASCII.GetBytes(digits, _name.AsSpan(_baseStart));
        _name[end] = (byte)'-';
        _name.AsSpan(_baseStart, StorePathHash.Length).CopyTo(_bound.AsSpan(_baseStart));
        return query.Bind(_name.AsSpan(0, end + 1), _bound);
    }

    private List<StorePath> ReadSorted(PreparedQuery rows)
    {
        List<StorePath> paths = Read(rows);
        paths.Sort();
        return paths;
    }

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
