using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>
/// What is known of content-addressed outputs. Both tables come with Nix's feature ca-derivations, may be missing, and may appear
/// while the database is open: Realisations up to Nix 2.34, by derivation hash; BuildTraceV3 since 2.35, by derivation path.
/// Nix: src/libstore/local-store.cc, queryRealisation_; src/libstore/ca-specific-schema.sql.
/// </summary>
internal sealed class RealisationQueries(SqliteDatabase database, StoreDirectory directory) : IDisposable
{
    private const string ByHashTable = "Realisations";
    private const string ByPathTable = "BuildTraceV3";

    private readonly SqliteStatement _tableExists = database.Prepare("select 1 from sqlite_schema where type = 'table' and name = ?"u8);
    private SqliteStatement? _byHash;
    private SqliteStatement? _dependencies;
    private SqliteStatement? _byPath;

    /// <summary>Whether there is a place to record realisations in: a sign that ca-derivations is, or was, in use.</summary>
    public bool HasTable => HasTableByHash || HasTableByPath;

    public bool HasTableByHash => Exists(ByHashTable);

    public bool HasTableByPath => Exists(ByPathTable);

    /// <summary>What was realised for a derivation hash, up to Nix 2.34.</summary>
    public Realisation? Find(DrvOutput id)
    {
        if (!Exists(ByHashTable))
        {
            return null;
        }

        _byHash ??= database.Prepare(
            """
            select r.id, v.path, r.signatures from Realisations r join ValidPaths v on r.outputPath = v.id
            where r.drvPath = ? and r.outputName = ?
            """u8);
        SqliteStatement row = _byHash.Bind(1, id.DerivationHash).Bind(2, id.OutputName);
        try
        {
            return row.Step()
                ? new Realisation
                {
                    Id = id,
                    OutPath = StoreRow.Path(row, 1, directory),
                    Signatures = StoreRow.Signatures(row, 2),
                    DependentRealisations = Dependencies(row.Int64(0)),
                }
                : null;
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>What was realised for a derivation, since Nix 2.35.</summary>
    public UnkeyedRealisation? Find(BuildTraceKey key)
    {
        if (!Exists(ByPathTable))
        {
            return null;
        }

        _byPath ??= database.Prepare("select outputPath, signatures from BuildTraceV3 where drvPath = ? and outputName = ?"u8);
        SqliteStatement row = _byPath.Bind(1, key.Derivation.BaseName).Bind(2, key.OutputName);
        try
        {
            return row.Step()
                ? new UnkeyedRealisation { OutPath = StoreRow.Path(row, 0, directory), Signatures = StoreRow.Signatures(row, 1) }
                : null;
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>All that was realised, since Nix 2.35: a derivation, and the path of an output of it.</summary>
    public List<(StorePath Derivation, StorePath Output)> AllByPath()
    {
        List<(StorePath Derivation, StorePath Output)> all = [];
        if (Exists(ByPathTable))
        {
            using SqliteStatement rows = database.Prepare("select drvPath, outputPath from BuildTraceV3"u8);
            while (rows.Step())
            {
                if (StorePath.TryParse(rows.Text(0), out StorePath? derivation))
                {
                    all.Add((derivation, StoreRow.Path(rows, 1, directory)));
                }
            }
        }

        return all;
    }

    public void Dispose()
    {
        _tableExists.Dispose();
        _byHash?.Dispose();
        _dependencies?.Dispose();
        _byPath?.Dispose();
    }

    private Dictionary<DrvOutput, StorePath> Dependencies(long referrer)
    {
        _dependencies ??= database.Prepare(
            """
            select r.drvPath, r.outputName, v.path from RealisationsRefs d
            join Realisations r on d.realisationReference = r.id join ValidPaths v on r.outputPath = v.id
            where d.referrer = ?
            """u8);
        SqliteStatement rows = _dependencies.Bind(1, referrer);
        try
        {
            Dictionary<DrvOutput, StorePath> dependencies = [];
            while (rows.Step())
            {
                dependencies[StoreRow.DrvOutput(rows, 0)] = StoreRow.Path(rows, 2, directory);
            }

            return dependencies;
        }
        finally
        {
            rows.Reset();
        }
    }

    private bool Exists(string table)
    {
        SqliteStatement row = _tableExists.Bind(1, table);
        try
        {
            return row.Step();
        }
        finally
        {
            row.Reset();
        }
    }
}
