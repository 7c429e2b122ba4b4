using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// Registers the realisations of content-addressed outputs in the tables that <see cref="RealisationQueries"/> reads.
/// Nix: src/libstore/local-store.cc, LocalStore::registerDrvOutput.
/// </summary>
internal sealed class RealisationRegistration(SqliteConnection connection, StoreDirectory directory) : IDisposable
{
    private readonly RealisationQueries _known = new(connection, directory);

    /// <summary>Registers a realisation by the hash of its derivation.</summary>
    /// <exception cref="InvalidPathException">Its path is not valid.</exception>
    /// <exception cref="RefusedException">Another path is registered, or the table does not exist.</exception>
    public void Register(Realisation realisation)
    {
        Require(_known.HasTableByHash);
        Realisation? present = _known.Find(realisation.Id);
        RefuseOther(present?.OutPath, realisation.OutPath, realisation.Id.ToString());
        string signatures = StoreRow.Print([.. present?.Signatures ?? [], .. realisation.Signatures]) ?? "";
        if (present is not null)
        {
            Write(
                "update Realisations set signatures = ?1 where drvPath = ?2 and outputName = ?3",
                signatures, realisation.Id.DerivationHash, realisation.Id.OutputName);
            return;
        }

        RequireValid(realisation.OutPath);
        Write(
            "insert into Realisations (signatures, drvPath, outputName, outputPath) select ?1, ?2, ?3, id from ValidPaths where path = ?4",
            signatures, realisation.Id.DerivationHash, realisation.Id.OutputName, directory.Print(realisation.OutPath));
    }

    /// <summary>Registers a realisation by the path of its derivation.</summary>
    /// <exception cref="RefusedException">Another path is registered, or the table does not exist.</exception>
    public void Register(BuildTraceKey key, UnkeyedRealisation realisation)
    {
        Require(_known.HasTableByPath);
        UnkeyedRealisation? present = _known.Find(key);
        RefuseOther(present?.OutPath, realisation.OutPath, $"{key.Derivation}^{key.OutputName}");
        string signatures = StoreRow.Print([.. present?.Signatures ?? [], .. realisation.Signatures]) ?? "";
        if (present is not null)
        {
            Write(
                "update BuildTraceV3 set signatures = ?1 where drvPath = ?2 and outputName = ?3",
                signatures, key.Derivation.BaseName, key.OutputName);
            return;
        }

        Write(
            "insert into BuildTraceV3 (signatures, drvPath, outputName, outputPath) values (?1, ?2, ?3, ?4)",
            signatures, key.Derivation.BaseName, key.OutputName, directory.Print(realisation.OutPath));
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
        using SqliteCommand find = new("select 1 from ValidPaths where path = ?1", connection);
        if (find.With(directory.Print(path)).ExecuteScalar() is null)
        {
            throw new InvalidPathException(directory, path);
        }
    }

    private void Write(string sql, params ReadOnlySpan<object?> values)
    {
        using SqliteCommand command = new(sql, connection);
        _ = command.With(values).ExecuteNonQuery();
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
