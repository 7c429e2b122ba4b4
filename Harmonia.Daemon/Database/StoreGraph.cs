using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>All valid paths and their references, from one state of the database. Paths are numbered from 0.</summary>
internal sealed class StoreGraph
{
    private const int NotThere = -1;

    private readonly Dictionary<StorePath, int> _numbers;
    private readonly List<(int From, int To)> _references;
    private readonly List<(int From, int To)> _derivers;
    private readonly List<(int From, int To)> _outputs;

    /// <param name="paths">The paths, in the order of their numbers.</param>
    /// <param name="references">Their references, without those to themselves.</param>
    /// <param name="derivers">From paths to their derivers.</param>
    /// <param name="outputs">From derivations to their outputs.</param>
    private StoreGraph(
        Dictionary<StorePath, int> paths, List<(int From, int To)> references, List<(int From, int To)> derivers, List<(int From, int To)> outputs)
    {
        _numbers = paths;
        (_references, _derivers, _outputs) = (references, derivers, outputs);
        Paths = [.. paths.Keys];
        References = new Adjacency(paths.Count, references);
    }

    public IReadOnlyList<StorePath> Paths { get; }

    public Adjacency References { get; }

    /// <summary>Reads the whole graph.</summary>
    public static StoreGraph Read(SqliteConnection connection, RealisationQueries realisations, StoreDirectory directory)
    {
        List<long> ids = [];
        Dictionary<StorePath, int> paths = [];
        List<StorePath?> built = [];
        using (PreparedQuery rows = new(connection, "select id, path, deriver from ValidPaths order by id"))
        {
            while (rows.Step())
            {
                ids.Add(rows.Int64(0));
                paths.Add(StoreRow.Path(rows.Utf8(1), directory), built.Count);
                built.Add(StoreRow.Deriver(rows.Utf8(2), directory));
            }
        }

        List<(int From, int To)> references = [];
        using (PreparedQuery rows = new(connection, "select referrer, reference from Refs where referrer <> reference"))
        {
            while (rows.Step())
            {
                Add(references, ids.BinarySearch(rows.Int64(0)), ids.BinarySearch(rows.Int64(1)));
            }
        }

        List<(int From, int To)> outputs = [];
        using (PreparedQuery rows = new(connection, "select drv, path from DerivationOutputs"))
        {
            while (rows.Step())
            {
                Add(outputs, ids.BinarySearch(rows.Int64(0)), Find(StoreRow.Path(rows.Utf8(1), directory)));
            }
        }

        foreach ((StorePath derivation, StorePath output) in realisations.AllByPath())
        {
            Add(outputs, Find(derivation), Find(output));
        }

        List<(int From, int To)> derivers = [];
        for (int path = 0; path < built.Count; path++)
        {
            Add(derivers, path, built[path] is StorePath deriver ? Find(deriver) : NotThere);
        }

        return new StoreGraph(paths, references, derivers, outputs);

        int Find(StorePath path) => paths.TryGetValue(path, out int number) ? number : NotThere;
    }

    /// <summary>The number of a path; null if it is not valid.</summary>
    public int? Find(StorePath path) => _numbers.TryGetValue(path, out int number) ? number : null;

    /// <summary>
    /// What each path keeps from the garbage collector when it is kept: what it refers to, with keep-outputs the outputs of a derivation, and
    /// with keep-derivations the derivation of an output. Nix: src/libstore/misc.cc, Store::computeFSClosure.
    /// </summary>
    public Adjacency Keeps(bool outputs, bool derivations)
    {
        List<(int From, int To)> none = [];
        return outputs || derivations
            ? new Adjacency(Paths.Count, _references, outputs ? _outputs : none, derivations ? _derivers : none)
            : References;
    }

    private static void Add(List<(int From, int To)> edges, int from, int to)
    {
        if (from >= 0 && to >= 0)
        {
            edges.Add((from, to));
        }
    }
}
