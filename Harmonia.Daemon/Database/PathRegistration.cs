using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Makes paths valid. Owns a connection that may write, for one thread at a time. Nix: src/libstore/local-store.cc,
/// LocalStore::registerValidPaths, addValidPath and updatePathInfo.
/// </summary>
internal sealed class PathRegistration : IDisposable
{
    /// <summary>16 MiB in pages of 4 KiB.</summary>
    private const long MinFreePages = 4096;

    private readonly StoreDirectory _directory;
    private readonly TimeProvider _time;
    private readonly DatabaseAccess _access;
    private readonly StoreChanges _changes;
    private readonly DataVersion _version;
    private readonly HashSet<StorePathHash> _changed = [];
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _update;
    private readonly SqliteCommand _refer;
    private readonly SqliteCommand _output;
    private readonly SqliteCommand _referrer;
    private readonly SqliteCommand _delete;

    /// <exception cref="DatabaseException">The database can't be opened for writing.</exception>
    public PathRegistration(DatabaseAccess access, StoreDirectory directory, StoreChanges changes, TimeProvider time, bool synchronise)
    {
        _directory = directory;
        _time = time;
        _access = access;
        _changes = changes;
        _connection = DatabaseConnections.OpenForWriting(access.Path, synchronise);
        _version = new DataVersion(_connection);

        // Not a SqliteTransaction: every command would have to be given each new one.
        _begin = new SqliteCommand("begin immediate", _connection);
        _commit = new SqliteCommand("commit", _connection);
        _find = new SqliteCommand("select id from ValidPaths where path = ?1", _connection);
        _insert = new SqliteCommand(
            """
            insert into ValidPaths (path, hash, narSize, ultimate, sigs, ca, registrationTime, deriver)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            _connection);
        _update = new SqliteCommand(
            "update ValidPaths set hash = ?2, narSize = ?3, ultimate = ?4, sigs = ?5, ca = ?6 where path = ?1", _connection);
        _refer = new SqliteCommand("insert or replace into Refs (referrer, reference) values (?1, ?2)", _connection);
        _output = new SqliteCommand("insert or replace into DerivationOutputs (drv, id, path) values (?1, ?2, ?3)", _connection);
        _referrer = new SqliteCommand("select 1 from Refs where reference = ?1 and referrer <> ?1 limit 1", _connection);
        _delete = new SqliteCommand("delete from ValidPaths where id = ?1", _connection);
        Realisations = new RealisationRegistration(_connection, directory);
    }

    public RealisationRegistration Realisations { get; }

    /// <summary>Makes one change of the database: all of it, or nothing if it throws.</summary>
    /// <exception cref="DatabaseException">The database can't be changed, or was locked for too long.</exception>
    public void Change(Action<PathRegistration> change)
    {
        try
        {
            _ = _begin.ExecuteNonQuery();
            _changed.Clear();
            try
            {
                change(this);
                _changes.Commit(_access, _version, () => _commit.ExecuteNonQuery(), _changed);
            }
            catch
            {
                Rollback();
                throw;
            }
        }
        catch (SqliteException exception)
        {
            throw new DatabaseException(_access.Path, exception);
        }
    }

    /// <summary>
    /// Rewrites the database if most of its pages are free. Nix does this only when the schema changes: src/libstore/local-store.cc,
    /// LocalStore::vacuumDB.
    /// </summary>
    /// <exception cref="DatabaseException">The database can't be changed.</exception>
    public void Vacuum()
    {
        try
        {
            long free = Number("pragma freelist_count");
            if (free >= MinFreePages && 2 * free >= Number("pragma page_count"))
            {
                DatabaseConnections.Execute(_connection, "vacuum");
                DatabaseConnections.Execute(_connection, "pragma wal_checkpoint(passive)");
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_PROTOCOL)
        {
            // Another process is writing. The next additions use the free pages.
        }
        catch (SqliteException exception)
        {
            throw new DatabaseException(_access.Path, exception);
        }
    }

    /// <summary>The path's number in the database; null if it is not valid.</summary>
    public long? FindId(StorePath path) => _find.With(_directory.Print(path)).ExecuteScalar() as long?;

    /// <summary>Registers paths that may refer to each other, and the outputs of the derivations among them.</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="checkDerivation">Checks the file of a derivation and returns the outputs whose paths are computed from it.</param>
    /// <exception cref="InvalidPathException">A path that they refer to is not valid.</exception>
    /// <exception cref="RefusedException">They refer to each other in a cycle, or a derivation has wrong output paths.</exception>
    public void Register(IReadOnlyList<ValidPathInfo> paths, Func<StorePath, IEnumerable<DerivationOutput>> checkDerivation)
    {
        List<long> ids = [.. paths.Select(Upsert)];
        foreach ((ValidPathInfo path, long id) in paths.Zip(ids))
        {
            foreach (StorePath reference in path.Info.References)
            {
                long target = FindId(reference) ?? throw new InvalidPathException(_directory, reference);
                _refer.With(id, target).ExecuteNonQuery();
            }
        }

        ReferenceCycles.Refuse(paths, _directory);
        foreach ((ValidPathInfo path, long id) in paths.Zip(ids).Where(path => path.First.Path.IsDerivation))
        {
            foreach (DerivationOutput output in checkDerivation(path.Path))
            {
                _output.With(id, output.Name, _directory.Print(output.Path!)).ExecuteNonQuery();
            }
        }
    }

    /// <summary>Makes a path invalid, unless another one refers to it. Removes its outputs, references and realisations as well.</summary>
    /// <returns>Whether the path is invalid now.</returns>
    public bool TryInvalidate(StorePath path)
    {
        if (FindId(path) is not long id)
        {
            return true;
        }

        if (_referrer.With(id).ExecuteScalar() is not null)
        {
            return false;
        }

        _ = _delete.With(id).ExecuteNonQuery();
        _changed.Add(path.Hash);
        return true;
    }

    /// <summary>Records the hash and the size of a valid path's NAR, which old releases of Nix did not record.</summary>
    public void SetNar(StorePath path, NarHash hash, long size)
    {
        _ = Run("update ValidPaths set hash = ?1, narSize = ?2 where path = ?3", hash.ToPrefixedBase16(), size, _directory.Print(path));
        _changed.Add(path.Hash);
    }

    /// <summary>Adds signatures to a path.</summary>
    /// <exception cref="InvalidPathException">The path is not valid.</exception>
    public void AddSignatures(StorePath path, IEnumerable<string> signatures)
    {
        string? all = StoreRow.Print([.. SignaturesOf(path), .. signatures]);
        _ = Run("update ValidPaths set sigs = ?1 where path = ?2", all, _directory.Print(path));
        _changed.Add(path.Hash);
    }

    public void Dispose()
    {
        _version.Dispose();
        Realisations.Dispose();
        foreach (SqliteCommand command in (ReadOnlySpan<SqliteCommand>)[_begin, _commit, _find, _insert, _update, _refer, _output, _referrer, _delete])
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private IReadOnlyList<string> SignaturesOf(StorePath path)
    {
        using SqliteCommand command = new("select sigs from ValidPaths where path = ?1", _connection);
        using SqliteDataReader row = command.With(_directory.Print(path)).ExecuteReader();
        return row.Read() ? StoreRow.Signatures(StoreRow.Bytes(row, 0)) : throw new InvalidPathException(_directory, path);
    }

    private long Number(string sql) => Run(sql) is long number ? number : 0;

    private object? Run(string sql, params ReadOnlySpan<object?> values)
    {
        using SqliteCommand command = new(sql, _connection);
        return command.With(values).ExecuteScalar();
    }

    private void Rollback()
    {
        // After some errors, such as a full disk, SQLite has rolled back already.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            DatabaseConnections.Execute(_connection, "rollback");
        }
    }

    private long Upsert(ValidPathInfo path)
    {
        UnkeyedValidPathInfo info = path.Info;
        string name = _directory.Print(path.Path);
        string hash = info.NarHash.ToPrefixedBase16();
        long? size = info.NarSize == 0 ? null : (long)info.NarSize;
        long? ultimate = info.Ultimate ? 1 : null;
        string? signatures = StoreRow.Print(info.Signatures);
        string? contentAddress = info.ContentAddress?.ToString();
        _changed.Add(path.Path.Hash);
        if (FindId(path.Path) is long known)
        {
            _ = _update.With(name, hash, size, ultimate, signatures, contentAddress).ExecuteNonQuery();
            return known;
        }

        long time = info.RegistrationTime == 0 ? _time.GetUtcNow().ToUnixTimeSeconds() : (long)info.RegistrationTime;
        string? deriver = info.Deriver is StorePath derivation ? _directory.Print(derivation) : null;
        _ = _insert.With(name, hash, size, ultimate, signatures, contentAddress, time, deriver).ExecuteNonQuery();
        return FindId(path.Path)!.Value;
    }
}
