using Harmonia.Protocol.Store;

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
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _refer;
    private readonly SqliteStatement _output;
    private readonly SqliteStatement _signatures;
    private readonly SqliteStatement _sign;
    private readonly SqliteStatement _referrer;
    private readonly SqliteStatement _delete;

    /// <exception cref="SqliteException">The database can't be opened for writing.</exception>
    public PathRegistration(string databasePath, StoreDirectory directory, TimeProvider time, bool synchronise)
    {
        _directory = directory;
        _time = time;
        _database = StoreDatabaseSettings.OpenForWriting(databasePath, SqliteOpenMode.ReadWrite, synchronise);
        _find = _database.Prepare("select id from ValidPaths where path = ?"u8);
        _insert = _database.Prepare(
            """
            insert into ValidPaths (path, hash, narSize, ultimate, sigs, ca, registrationTime, deriver)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """u8);
        _update = _database.Prepare("update ValidPaths set hash = ?2, narSize = ?3, ultimate = ?4, sigs = ?5, ca = ?6 where path = ?1"u8);
        _refer = _database.Prepare("insert or replace into Refs (referrer, reference) values (?, ?)"u8);
        _output = _database.Prepare("insert or replace into DerivationOutputs (drv, id, path) values (?, ?, ?)"u8);
        _signatures = _database.Prepare("select sigs from ValidPaths where path = ?"u8);
        _sign = _database.Prepare("update ValidPaths set sigs = ? where path = ?"u8);
        _referrer = _database.Prepare("select 1 from Refs where reference = ?1 and referrer <> ?1 limit 1"u8);
        _delete = _database.Prepare("delete from ValidPaths where id = ?"u8);
        Realisations = new RealisationRegistration(_database, directory);
    }

    public RealisationRegistration Realisations { get; }

    /// <summary>Makes one change of the database: all of it, or nothing when it throws.</summary>
    public void Change(Action<PathRegistration> change)
    {
        _database.Execute("begin immediate"u8);
        try
        {
            change(this);
            _database.Execute("commit"u8);
        }
        catch
        {
            if (_database.IsInTransaction)
            {
                _database.Execute("rollback"u8);
            }

            throw;
        }
    }

    /// <summary>
    /// Writes the database anew if most of its pages are free. Nix does so only when the schema changes: src/libstore/local-store.cc,
    /// LocalStore::vacuumDB.
    /// </summary>
    public void Vacuum()
    {
        long free = Number("pragma freelist_count"u8);
        if (free < MinFreePages || 2 * free < Number("pragma page_count"u8))
        {
            return;
        }

        try
        {
            _database.Execute("vacuum"u8);
            _database.Execute("pragma wal_checkpoint(passive)"u8);
        }
        catch (SqliteException exception) when (exception.IsBusy)
        {
            // Somebody else writes. The free pages are used for what is added next.
        }
    }

    public long? FindId(StorePath path)
    {
        SqliteStatement row = _find.Bind(1, _directory.Print(path));
        try
        {
            return row.Step() ? row.Int64(0) : null;
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>Registers paths that may refer to each other, and the outputs of the derivations among them.</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="checkDerivation">Checks the file of a derivation and returns the outputs whose paths follow from it.</param>
    /// <exception cref="InvalidPathException">Something they refer to is not valid.</exception>
    /// <exception cref="RefusedException">They refer to each other in a circle, or a derivation lies.</exception>
    public void Register(IReadOnlyList<ValidPathInfo> paths, Func<StorePath, IEnumerable<DerivationOutput>> checkDerivation)
    {
        List<long> ids = [.. paths.Select(Upsert)];
        foreach ((ValidPathInfo path, long id) in paths.Zip(ids))
        {
            foreach (StorePath reference in path.Info.References)
            {
                long target = FindId(reference) ?? throw new InvalidPathException(_directory, reference);
                _refer.Bind(1, id).Bind(2, target).Execute();
            }
        }

        ReferenceCycles.Refuse(paths, _directory);
        foreach ((ValidPathInfo path, long id) in paths.Zip(ids).Where(path => path.First.Path.IsDerivation))
        {
            foreach (DerivationOutput output in checkDerivation(path.Path))
            {
                _output.Bind(1, id).Bind(2, output.Name).Bind(3, _directory.Print(output.Path!)).Execute();
            }
        }
    }

    /// <summary>Makes a path invalid, unless another one refers to it. Its outputs, references and realisations go with it.</summary>
    /// <returns>Whether it is not valid now.</returns>
    public bool TryInvalidate(StorePath path)
    {
        if (FindId(path) is not long id)
        {
            return true;
        }

        SqliteStatement referrer = _referrer.Bind(1, id);
        try
        {
            if (referrer.Step())
            {
                return false;
            }
        }
        finally
        {
            referrer.Reset();
        }

        _delete.Bind(1, id).Execute();
        return true;
    }

    /// <summary>Fills in what old releases of Nix did not write down: the hash of a valid path's NAR, and its size.</summary>
    public void SetNar(StorePath path, NarHash hash, long size)
    {
        using SqliteStatement row = _database.Prepare("update ValidPaths set hash = ?, narSize = ? where path = ?"u8);
        row.Bind(1, hash.ToPrefixedBase16()).Bind(2, size).Bind(3, _directory.Print(path)).Execute();
    }

    /// <summary>Adds signatures to those a path has.</summary>
    /// <exception cref="InvalidPathException">The path is not valid.</exception>
    public void AddSignatures(StorePath path, IEnumerable<string> signatures)
    {
        IReadOnlyList<string>? present = null;
        SqliteStatement row = _signatures.Bind(1, _directory.Print(path));
        try
        {
            present = row.Step() ? StoreRow.Signatures(row, 0) : throw new InvalidPathException(_directory, path);
        }
        finally
        {
            row.Reset();
        }

        _sign.Bind(1, StoreRow.Print([.. present, .. signatures])).Bind(2, _directory.Print(path)).Execute();
    }

    public void Dispose()
    {
        Realisations.Dispose();
        foreach (SqliteStatement statement in (ReadOnlySpan<SqliteStatement>)[_find, _insert, _update, _refer, _output, _signatures, _sign, _referrer, _delete])
        {
            statement.Dispose();
        }

        _database.Dispose();
    }

    private long Number(ReadOnlySpan<byte> sql)
    {
        using SqliteStatement row = _database.Prepare(sql);
        return row.Step() ? row.Int64(0) : 0;
    }

    private long Upsert(ValidPathInfo path)
    {
        bool exists = FindId(path.Path) is not null;
        UnkeyedValidPathInfo info = path.Info;
        SqliteStatement row = (exists ? _update : _insert)
            .Bind(1, _directory.Print(path.Path))
            .Bind(2, info.NarHash.ToPrefixedBase16())
            .Bind(3, info.NarSize == 0 ? null : (long)info.NarSize)
            .Bind(4, info.Ultimate ? 1 : null)
            .Bind(5, StoreRow.Print(info.Signatures))
            .Bind(6, info.ContentAddress?.ToString());
        if (!exists)
        {
            row.Bind(7, info.RegistrationTime == 0 ? _time.GetUtcNow().ToUnixTimeSeconds() : (long)info.RegistrationTime)
                .Bind(8, info.Deriver is StorePath deriver ? _directory.Print(deriver) : null);
        }

        row.Execute();
        return FindId(path.Path)!.Value;
    }
}
