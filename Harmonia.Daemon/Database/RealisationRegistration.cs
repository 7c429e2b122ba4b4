using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Registers the realisations of content-addressed outputs in the tables that <see cref="RealisationQueries"/> reads.
/// Nix: src/libstore/local-store.cc, LocalStore::registerDrvOutput.
/// </summary>
internal sealed class RealisationRegistration(SqliteDatabase database, StoreDirectory directory) : IDisposable
{
    private readonly RealisationQueries _known = new(database, directory);

    /// <summary>Registers a realisation by the hash of its derivation.</summary>
    /// <exception cref="InvalidPathException">Its path is not valid.</exception>
    /// <exception cref="RefusedException">Another path is registered, or the table does not exist.</exception>
    public void Register(Realisation realisation)
    {
        Require(_known.HasTableByHash);
        Realisation? present = _known.Find(realisation.Id);
        RefuseOther(present?.OutPath, realisation.OutPath, realisation.Id.ToString());
        using SqliteStatement write = database.Prepare(present is null
            ? "insert into Realisations (signatures, drvPath, outputName, outputPath) select ?1, ?2, ?3, id from ValidPaths where path = ?4"u8
            : "update Realisations set signatures = ?1 where drvPath = ?2 and outputName = ?3"u8);
        write.Bind(1, StoreRow.Print([.. present?.Signatures ?? [], .. realisation.Signatures]) ?? "")
            .Bind(2, realisation.Id.DerivationHash).Bind(3, realisation.Id.OutputName);
        if (present is null)
        {
            RequireValid(realisation.OutPath);
            write.Bind(4, directory.Print(realisation.OutPath));
        }

        write.Execute();
    }

    /// <summary>Registers a realisation by the path of its derivation.</summary>
    /// <exception cref="RefusedException">Another path is registered, or the table does not exist.</exception>
    public void Register(BuildTraceKey key, UnkeyedRealisation realisation)
    {
        Require(_known.HasTableByPath);
        UnkeyedRealisation? present = _known.Find(key);
        RefuseOther(present?.OutPath, realisation.OutPath, $"{key.Derivation}^{key.OutputName}");
        using SqliteStatement write = database.Prepare(present is null
            ? "insert into BuildTraceV3 (signatures, drvPath, outputName, outputPath) values (?1, ?2, ?3, ?4)"u8
            : "update BuildTraceV3 set signatures = ?1 where drvPath = ?2 and outputName = ?3"u8);
        write.Bind(1, StoreRow.Print([.. present?.Signatures ?? [], .. realisation.Signatures]) ?? "")
            .Bind(2, key.Derivation.BaseName).Bind(3, key.OutputName);
        if (present is null)
        {
            write.Bind(4, directory.Print(realisation.OutPath));
        }

        write.Execute();
    }

    public void Dispose() => _known.Dispose();

    private static void Require(bool hasTable)
    {
        if (!hasTable)
        {
            throw new RefusedException("experimental Nix feature 'ca-derivations' is disabled; Nix makes the table for it when it is enabled");
        }
    }

    private void RequireValid(StorePath path)
    {
        using SqliteStatement find = database.Prepare("select 1 from ValidPaths where path = ?"u8);
        if (!find.Bind(1, directory.Print(path)).Step())
        {
            throw new InvalidPathException(directory, path);
        }
    }

    private void RefuseOther(StorePath? present, StorePath path, string id)
    {
        if (present is not null && present != path)
        {
            throw new RefusedException(
                $"Trying to register a realisation of '{id}', but we already have another one locally.\n"
                + $"Local:  {directory.Print(present)}\nRemote: {directory.Print(path)}");
        }
    }
}
