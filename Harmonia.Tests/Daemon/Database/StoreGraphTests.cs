using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Gc;
using Harmonia.Protocol.Store;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Database;

/// <summary>Random graphs in a real database, compared with sets of paths.</summary>
public sealed class StoreGraphTests
{
    [Test]
    public void A_random_graph_is_read_as_it_is([Range(1, 12)] int seed)
    {
        Random random = new(seed);
        using SampleStore store = new();
        NaiveGraph expected = Fill(store, random);

        foreach ((bool outputs, bool derivations) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            StoreGraph graph = store.Services.Database.ReadGraph(outputs, derivations);
            ILookup<StorePath, StorePath> keeps = expected.Keeps(outputs, derivations);

            Assert.That(Enumerable.Range(0, graph.Count).Select(graph.PathOf), Is.EquivalentTo(expected.Paths));
            Assert.That(
                Enumerable.Range(0, graph.Count).Select(place => Encoding.ASCII.GetString(graph.Names[place])),
                Is.EqualTo(expected.Paths.Order().Select(path => path.BaseName)));
            foreach (StorePath path in expected.Paths)
            {
                int number = graph.Find(path)!.Value;
                Assert.That(graph.PathOf(number), Is.EqualTo(path));
                Assert.That(Targets(graph, [graph.References], number), Is.EquivalentTo(expected.References[path]));
                Assert.That(Targets(graph, graph.Keeps, number).Distinct(), Is.EquivalentTo(keeps[path].Distinct()));
                Assert.That(
                    Targets(graph, [.. graph.Keeps.Select(edges => edges.Reverse())], number).Distinct(),
                    Is.EquivalentTo(keeps.Where(others => others.Contains(path)).Select(others => others.Key)));
                (int start, int length) = graph.Names.FindAll(path.Hash).GetOffsetAndLength(graph.Count);
                Assert.That(
                    Enumerable.Range(start, length).Select(place => graph.PathOf(graph.NumberAt(place))),
                    Is.EquivalentTo(expected.Paths.Where(other => other.Hash == path.Hash)));
            }

            Assert.That(graph.Find(MissingDerivation), Is.Null);
            Assert.That(LiveOf(graph, expected.Paths[..3]), Is.EquivalentTo(Closure(keeps, expected.Paths[..3])));
        }
    }

    [Test]
    public void A_row_that_is_no_path_is_an_error_that_names_it()
    {
        using SampleStore store = new();
        store.Execute("update ValidPaths set path = '/elsewhere/x' where id = 1");

        Assert.That(() => store.Services.Database.ReadGraph(true, true), Throws.TypeOf<InvalidRowException>().With.Message.Contains("/elsewhere/x"));
    }

    private static IEnumerable<StorePath> Targets(StoreGraph graph, IReadOnlyList<Adjacency> edges, int number) =>
        edges.SelectMany(list => list[number].ToArray()).Select(graph.PathOf);

    private static IEnumerable<StorePath> LiveOf(StoreGraph graph, StorePath[] roots)
    {
        Liveness liveness = new(graph);
        foreach (StorePath root in roots)
            liveness.Keep(graph.Find(root)!.Value);
        return Enumerable.Range(0, graph.Count).Where(liveness.IsAlive).Select(graph.PathOf);
    }

    private static HashSet<StorePath> Closure(ILookup<StorePath, StorePath> keeps, StorePath[] roots)
    {
        HashSet<StorePath> closure = [];
        Stack<StorePath> rest = new(roots);
        while (rest.TryPop(out StorePath? path))
        {
            if (closure.Add(path))
                Array.ForEach([.. keeps[path]], rest.Push);
        }

        return closure;
    }

    private static NaiveGraph Fill(SampleStore store, Random random)
    {
        // Some hash parts occur twice, some names begin with a dot, and ids are close together or far apart.
        const string Digits = "0123456789abcdfghijklmnpqrsvwxyz";
        int count = random.Next(3, 80);
        StorePath[] paths = new StorePath[count];
        for (int n = 0; n < count; n++)
        {
            string hash = n > 0 && random.Next(10) == 0 ? paths[n - 1].BaseName[..32] : string.Concat(random.GetItems<char>(Digits, 32));
            paths[n] = StorePath.Parse($"{hash}-{(random.Next(5) == 0 ? ".x" : "x")}{n}{(n % 3 == 0 ? ".drv" : "")}");
        }

        long[] ids = [.. Enumerable.Range(1, count).Select(n => random.Next(3) == 0 ? 0L : n)];
        long last = 0;
        for (int n = 0; n < count; n++)
            ids[n] = last += ids[n] == 0 ? random.NextInt64(1, 1L << random.Next(1, random.Next(2, 50))) : 1;
        random.Shuffle(ids);
        (StorePath From, StorePath To)[] references = [.. Pairs(paths, random, 4 * count)];
        (StorePath From, StorePath To)[] outputs = [.. Pairs(paths, random, count).Where(pair => pair.From.IsDerivation)];
        (StorePath From, StorePath To)[] derivers = [.. Pairs(paths, random, count / 2).DistinctBy(pair => pair.From)];
        store.Execute(
        [
            "begin", "delete from Refs", "delete from DerivationOutputs", "delete from ValidPaths",
            .. paths.Zip(ids, (path, id) =>
                $"insert into ValidPaths (id, path, hash, registrationTime) values ({id}, '{Print(path)}', 'sha256:{new string('1', 64)}', 1)"),
            .. derivers.Select(pair => $"update ValidPaths set deriver = '{Print(pair.To)}' where path = '{Print(pair.From)}'"),
            $"update ValidPaths set deriver = '{Print(MissingDerivation)}' where deriver is null and id % 2 = 0",
            .. references.Select(pair =>
                $"insert into Refs select a.id, b.id from ValidPaths a, ValidPaths b where a.path = '{Print(pair.From)}' and b.path = '{Print(pair.To)}'"),
            .. outputs.Select((pair, n) =>
                $"insert into DerivationOutputs select id, 'out{n}', '{Print(pair.To)}' from ValidPaths where path = '{Print(pair.From)}'"),
            "commit",
        ]);
        return new NaiveGraph(paths, [.. references.Where(pair => pair.From != pair.To)], outputs, derivers);
    }

    private static IEnumerable<(StorePath From, StorePath To)> Pairs(StorePath[] paths, Random random, int count) =>
        Enumerable.Range(0, count).Select(_ => (paths[random.Next(paths.Length)], paths[random.Next(paths.Length)])).Distinct();

    private sealed class NaiveGraph(
        StorePath[] paths, (StorePath From, StorePath To)[] references, (StorePath From, StorePath To)[] outputs, (StorePath From, StorePath To)[] derivers)
    {
        public StorePath[] Paths => paths;

        public ILookup<StorePath, StorePath> References => references.ToLookup(pair => pair.From, pair => pair.To);

        public ILookup<StorePath, StorePath> Keeps(bool withOutputs, bool withDerivations) =>
            references.Concat(withOutputs ? outputs : []).Concat(withDerivations ? derivers : []).ToLookup(pair => pair.From, pair => pair.To);
    }
}
