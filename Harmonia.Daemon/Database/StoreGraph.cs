using System.Text;
using Harmonia.Protocol.Store;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>
/// All valid paths and their references, from one state of the database. Paths are numbered from 0 in the order in which they were registered.
/// There is no object for a path or a reference: 1,000,000 paths with 8,000,000 references take 125 MB.
/// </summary>
internal sealed class StoreGraph
{
    // From numbers to indices in Names, and back.
    private readonly int[] _places;
    private readonly int[] _numbers;

    private StoreGraph(PathNames names, int[] places, int[] numbers, Adjacency references, IReadOnlyList<Adjacency> others)
    {
        Names = names;
        (_places, _numbers) = (places, numbers);
        References = references;
        Keeps = [references, .. others];
    }

    /// <summary>The base names of the paths in ascending order.</summary>
    public PathNames Names { get; }

    /// <summary>The references of paths, without those to themselves.</summary>
    public Adjacency References { get; }

    /// <summary>
    /// What each path keeps from the garbage collector when it is kept: what it refers to, with keep-outputs the outputs of a derivation, and
    /// with keep-derivations the derivation of an output. Nix: src/libstore/misc.cc, Store::computeFSClosure.
    /// </summary>
    public IReadOnlyList<Adjacency> Keeps { get; }

    /// <summary>The number of paths.</summary>
    public int Count => _places.Length;

    /// <summary>Reads the whole graph.</summary>
    /// <param name="connection">The connection, in a transaction.</param>
    /// <param name="realisations">Its queries of realisations.</param>
    /// <param name="directory">The directory of the paths.</param>
    /// <param name="outputs">Whether derivations keep their outputs.</param>
    /// <param name="derivations">Whether outputs keep their derivations.</param>
    /// <exception cref="InvalidRowException">A row does not name a path of this store.</exception>
    public static StoreGraph Read(
        SqliteConnection connection, RealisationQueries realisations, StoreDirectory directory, bool outputs, bool derivations)
    {
        PathNames names = new();
        List<long> byName = [];
        byte[] prefix = Encoding.UTF8.GetBytes(directory.Path + "/");
        using (PreparedQuery rows = new(connection, "select id, path from ValidPaths order by path"))
        {
            while (rows.Step())
            {
                byName.Add(rows.Int64(0));
                names.Add(NameIn(rows.Utf8(1)));
            }
        }

        names.Complete();
        long[] ids = [.. byName];
        byName = [];
        int[] places = new int[ids.Length];
        for (int place = 0; place < places.Length; place++)
        {
            places[place] = place;
        }

        Array.Sort(ids, places);
        int[] numbers = new int[places.Length];
        for (int number = 0; number < places.Length; number++)
        {
            numbers[places[number]] = number;
        }

        IdNumbers found = new(ids);
        List<Adjacency> others = [];
        if (outputs)
        {
            others.Add(ReadOutputs());
        }

        if (derivations)
        {
            others.Add(ReadDerivers());
        }

        return new StoreGraph(names, places, numbers, ReadReferences(connection, found, ids.Length), others);

        ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> path) => path.StartsWith(prefix) && PathNames.IsPlain(path[prefix.Length..])
            ? path[prefix.Length..]
            : Encoding.ASCII.GetBytes(StoreRow.Path(path, directory).BaseName);

        Adjacency ReadOutputs()
        {
            List<(int From, int To)> edges = [];
            using (PreparedQuery rows = new(connection, "select drv, path from DerivationOutputs"))
            {
                while (rows.Step())
                {
                    edges.Add((found.Find(rows.Int64(0)), Number(NameIn(rows.Utf8(1)))));
                }
            }

            foreach ((StorePath derivation, StorePath output) in realisations.AllByPath())
            {
                edges.Add((Number(Encoding.ASCII.GetBytes(derivation.BaseName)), Number(Encoding.ASCII.GetBytes(output.BaseName))));
            }

            edges.RemoveAll(edge => edge.From < 0 || edge.To < 0);
            edges.Sort();
            AdjacencyBuilder builder = new(numbers.Length, edges.Count);
            edges.ForEach(edge => builder.Add(edge.From, edge.To));
            return builder.Build();
        }

        Adjacency ReadDerivers()
        {
            AdjacencyBuilder builder = new(numbers.Length, numbers.Length);
            using PreparedQuery rows = new(connection, "select id, deriver from ValidPaths where deriver is not null order by id");
            while (rows.Step())
            {
                ReadOnlySpan<byte> text = rows.Utf8(1);
                bool isPlain = text.StartsWith(prefix) && PathNames.IsPlain(text[prefix.Length..]);
                int deriver = isPlain ? Number(text[prefix.Length..])
                    : StoreRow.Deriver(text, directory) is StorePath path ? Number(Encoding.ASCII.GetBytes(path.BaseName))
                    : -1;
                if (deriver >= 0)
                {
                    builder.Add(found.Find(rows.Int64(0)), deriver);
                }
            }

            return builder.Build();
        }

        int Number(ReadOnlySpan<byte> name) => names.Find(name) is int place and >= 0 ? numbers[place] : -1;
    }

    public StorePath PathOf(int number) => StorePath.Parse(Encoding.ASCII.GetString(Names[_places[number]]));

    /// <summary>The number of a path; null if it is not valid.</summary>
    public int? Find(StorePath path) => Names.Find(Encoding.ASCII.GetBytes(path.BaseName)) is int place and >= 0 ? _numbers[place] : null;

    /// <summary>The number of the path at an index of <see cref="Names"/>.</summary>
    public int NumberAt(int place) => _numbers[place];

    // SQLite reads them from the index that makes them unique, in its order.
    private static Adjacency ReadReferences(SqliteConnection connection, IdNumbers found, int nodes)
    {
        using PreparedQuery size = new(connection, "select count(*) from Refs");
        _ = size.Step();
        AdjacencyBuilder builder = new(nodes, checked((int)size.Int64(0)));
        size.Reset();
        using PreparedQuery rows = new(connection, "select referrer, reference from Refs order by referrer, reference");
        long last = -1;
        int from = -1;
        while (rows.Step())
        {
            long referrer = rows.Int64(0);
            long reference = rows.Int64(1);
            if (referrer != last)
            {
                (last, from) = (referrer, found.Find(referrer));
            }

            int to = reference == referrer ? -1 : found.Find(reference);
            if (from >= 0 && to >= 0)
            {
                builder.Add(from, to);
            }
        }

        return builder.Build();
    }
}
