using System.Text;
using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>Writes generated paths into a store's database in one transaction: 100,000 in five seconds of CPU time. It owns its connection.</summary>
internal sealed class GeneratedRows : IDisposable
{
    // Large enough to keep all written pages in memory until the end, although the paths are scattered over the indexes.
    private const string CacheSize = "pragma cache_size = -1048576";
    private const int Chunk = 10_000;
    private const string Prefix = "/nix/store/";

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _nextId;
    private readonly sqlite3_stmt _path;
    private readonly sqlite3_stmt _reference;

    private GeneratedRows(string databasePath)
    {
        _connection = DatabaseConnections.OpenForWriting(databasePath, synchronise: false);
        DatabaseConnections.Execute(_connection, CacheSize);

        // Paths come before the paths that refer to them.
        DatabaseConnections.Execute(_connection, "pragma foreign_keys = 0");
        _nextId = new SqliteCommand("select ifnull(max(id), 0) + 1 from ValidPaths", _connection);
        _path = Prepare(
            """
            insert into ValidPaths (id, path, hash, registrationTime, deriver, narSize, sigs)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """);
        _reference = Prepare("insert into Refs (referrer, reference) values (?1, ?2)");
    }

    /// <summary>Creates a store of the first generated paths. Their files do not exist.</summary>
    /// <param name="layout">Where nothing is yet.</param>
    /// <param name="count">How many.</param>
    public static Task CreateAsync(StoreLayout layout, int count)
    {
        StoreCreation.EnsureExists(layout);
        return AddAsync(layout.DatabasePath, count);
    }

    /// <summary>Adds the first generated paths to a database that has none of them and that nobody else uses.</summary>
    public static async Task AddAsync(string databasePath, int count)
    {
        using GeneratedRows rows = new(databasePath);
        DatabaseConnections.Execute(rows._connection, "begin");
        long first = (long)rows._nextId.ExecuteScalar()!;
        Task<GeneratedPath[]> next = MakeAsync(0, count);
        for (int made = 0; made < count; made += Chunk)
        {
            GeneratedPath[] paths = await next;
            next = MakeAsync(made + Chunk, count);
            foreach (GeneratedPath path in paths)
                rows.Write(first, path);
        }

        DatabaseConnections.Execute(rows._connection, "commit");
        DatabaseConnections.EmptyLog(rows._connection);
    }

    public void Dispose()
    {
        _reference.Dispose();
        _path.Dispose();
        _nextId.Dispose();
        _connection.Dispose();
    }

    // While rows are written, the other cores make the next paths.
    private static Task<GeneratedPath[]> MakeAsync(int first, int count) => Task.Run(() =>
    {
        GeneratedPath[] paths = new GeneratedPath[Math.Clamp(count - first, 0, Chunk)];
        Parallel.For(0, paths.Length, n => paths[n] = new GeneratedPath(first + n));
        return paths;
    });

    private void Write(long first, GeneratedPath path)
    {
        long id = first + path.Number;
        Bind(_path, 1, id);
        Bind(_path, 2, Prefix + path.Path.BaseName);
        Bind(_path, 3, path.NarHash.ToPrefixedBase16());
        Bind(_path, 4, (long)path.RegistrationTime);
        Bind(_path, 5, path.Deriver is { } deriver ? Prefix + deriver.BaseName : null);
        Bind(_path, 6, path.NarSize);
        Bind(_path, 7, path.Signatures.Count > 0 ? string.Join(' ', path.Signatures) : null);
        Run(_path);
        foreach (int reference in path.References)
        {
            Bind(_reference, 1, id);
            Bind(_reference, 2, first + reference);
            Run(_reference);
        }
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_connection.Handle, Encoding.UTF8.GetBytes(sql), raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt statement));
        return statement;
    }

    private void Bind(sqlite3_stmt statement, int parameter, long value) => Check(raw.sqlite3_bind_int64(statement, parameter, value));

    private void Bind(sqlite3_stmt statement, int parameter, string? text) =>
        Check(text is null ? raw.sqlite3_bind_null(statement, parameter) : raw.sqlite3_bind_text(statement, parameter, text));

    private void Run(sqlite3_stmt statement)
    {
        int code = raw.sqlite3_step(statement);
        Check(raw.sqlite3_reset(statement));
        Check(code == raw.SQLITE_DONE ? raw.SQLITE_OK : code);
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _connection.Handle);
}
