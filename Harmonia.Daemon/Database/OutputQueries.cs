using System.Text;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>The outputs of derivations whose paths are computed from the derivations alone.</summary>
internal sealed class OutputQueries(SqliteConnection connection, StoreDirectory directory) : IDisposable
{
    private readonly SqliteCommand _derivers = new(
        "select v.path from DerivationOutputs d join ValidPaths v on d.drv = v.id where d.path = ?1 order by v.path", connection);
    private readonly SqliteCommand _outputs = new("select id, path from DerivationOutputs where drv = ?1", connection);

    /// <summary>The valid derivations that have this path as an output.</summary>
    public List<StorePath> Derivers(StorePath path)
    {
        List<StorePath> derivers = [];
        using SqliteDataReader rows = _derivers.With(directory.Print(path)).ExecuteReader();
        while (rows.Read())
        {
            derivers.Add(StoreRow.Path(StoreRow.Bytes(rows, 0), directory));
        }

        return derivers;
    }

    /// <summary>The outputs of a derivation, by name.</summary>
    /// <param name="derivation">Its number in the database.</param>
    public SortedDictionary<string, StorePath> Of(long derivation)
    {
        SortedDictionary<string, StorePath> outputs = new(StringComparer.Ordinal);
        using SqliteDataReader rows = _outputs.With(derivation).ExecuteReader();
        while (rows.Read())
        {
            outputs[Encoding.UTF8.GetString(StoreRow.Bytes(rows, 0))] = StoreRow.Path(StoreRow.Bytes(rows, 1), directory);
        }

        return outputs;
    }

    public void Dispose()
    {
        _derivers.Dispose();
        _outputs.Dispose();
    }
}
