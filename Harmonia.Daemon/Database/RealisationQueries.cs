using System.Text;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// The realisations of content-addressed outputs. Nix creates both tables for its feature ca-derivations. They may be missing, and may
/// appear while the database is open: Realisations up to Nix 2.34, by derivation hash; BuildTraceV3 since 2.35, by derivation path.
/// Nix: src/libstore/local-store.cc, queryRealisation_; src/libstore/ca-specific-schema.sql.
/// </summary>
internal sealed class RealisationQueries(SqliteConnection connection, StoreDirectory directory) : IDisposable
{
    private const string ByHashTable = "Realisations";
    private const string ByPathTable = "BuildTraceV3";

    private readonly SqliteCommand _tableExists = new("select 1 from sqlite_schema where type = 'table' and name = ?1", connection);
    private readonly SqliteCommand _byHash = new(
        """
        select r.id, v.path, r.signatures from Realisations r join ValidPaths v on r.outputPath = v.id
        where r.drvPath = ?1 and r.outputName = ?2
        """,
        connection);
    private readonly SqliteCommand _dependencies = new(
        """
        select r.drvPath, r.outputName, v.path from RealisationsRefs d
        join Realisations r on d.realisationReference = r.id join ValidPaths v on r.outputPath = v.id
        where d.referrer = ?1
        """,
        connection);
    private readonly SqliteCommand _byPath = new(
        "select outputPath, signatures from BuildTraceV3 where drvPath = ?1 and outputName = ?2", connection);

    /// <summary>Whether there is a table for realisations, which means that ca-derivations is or was in use.</summary>
    public bool HasTable => HasTableByHash || HasTableByPath;

    public bool HasTableByHash => Exists(ByHashTable);

    public bool HasTableByPath => Exists(ByPathTable);

    /// <summary>The realisations for a derivation hash, up to Nix 2.34.</summary>
    public Realisation? Find(DrvOutput id)
    {
        if (!Exists(ByHashTable))
        {
            return null;
        }

        using SqliteDataReader row = _byHash.With(id.DerivationHash, id.OutputName).ExecuteReader();
        return row.Read()
            ? new Realisation
            {
                Id = id,
                OutPath = StoreRow.Path(StoreRow.Bytes(row, 1), directory),
                Signatures = StoreRow.Signatures(StoreRow.Bytes(row, 2)),
                DependentRealisations = Dependencies(row.GetInt64(0)),
            }
            : null;
    }

    /// <summary>The realisations for a derivation path, since Nix 2.35.</summary>
    public UnkeyedRealisation? Find(BuildTraceKey key)
    {
        if (!Exists(ByPathTable))
        {
            return null;
        }

        using SqliteDataReader row = _byPath.With(key.Derivation.BaseName, key.OutputName).ExecuteReader();
        return row.Read()
            ? new UnkeyedRealisation
            {
                OutPath = StoreRow.Path(StoreRow.Bytes(row, 0), directory),
                Signatures = StoreRow.Signatures(StoreRow.Bytes(row, 1)),
            }
            : null;
    }

    /// <summary>All realisations, since Nix 2.35: derivations, and paths of their outputs.</summary>
    public List<(StorePath Derivation, StorePath Output)> AllByPath()
    {
        List<(StorePath Derivation, StorePath Output)> all = [];
        if (Exists(ByPathTable))
        {
            using SqliteCommand command = new("select drvPath, outputPath from BuildTraceV3", connection);
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
            {
                if (StorePath.TryParse(Encoding.UTF8.GetString(StoreRow.Bytes(rows, 0)), out StorePath? derivation))
                {
                    all.Add((derivation, StoreRow.Path(StoreRow.Bytes(rows, 1), directory)));
                }
            }
        }

        return all;
    }

    public void Dispose()
    {
        _tableExists.Dispose();
        _byHash.Dispose();
        _dependencies.Dispose();
        _byPath.Dispose();
    }

    private Dictionary<DrvOutput, StorePath> Dependencies(long referrer)
    {
        Dictionary<DrvOutput, StorePath> dependencies = [];
        using SqliteDataReader rows = _dependencies.With(referrer).ExecuteReader();
        while (rows.Read())
        {
            DrvOutput output = StoreRow.DrvOutput(StoreRow.Bytes(rows, 0), StoreRow.Bytes(rows, 1));
            dependencies[output] = StoreRow.Path(StoreRow.Bytes(rows, 2), directory);
        }

        return dependencies;
    }

    private bool Exists(string table) => _tableExists.With(table).ExecuteScalar() is not null;
}
