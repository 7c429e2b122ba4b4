using System.Globalization;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Gc;

/// <summary>A store of 100,000 paths without files.</summary>
public sealed class LargeStoreTests
{
    private const int Count = 100_000;

    [Test]
    public async Task The_live_paths_of_a_large_store_are_found()
    {
        using SampleStore store = new();
        store.Execute(
            "begin",
            "delete from Refs",
            "delete from ValidPaths",
            $"""
            insert into ValidPaths (id, path, hash, registrationTime, narSize)
            with recursive n (i) as (values (1) union all select i + 1 from n where i < {Count})
            select i, '/nix/store/' || printf('%032d', i) || '-path', 'sha256:{new string('1', 64)}', 1, 1 from n
            """,
            "insert or ignore into Refs select id, id from ValidPaths where id % 7 = 0",
            "insert or ignore into Refs select id, id / 2 from ValidPaths where id > 1 and id % 5 <> 0",
            "insert or ignore into Refs select id, id / 3 + 1 from ValidPaths where id > 3",
            "insert or ignore into Refs select id, id - 1 from ValidPaths where id % 11 = 0",
            "commit");
        int[] roots = [99_999, 77_777, 1234, 30_030];
        foreach (int root in roots)
            File.CreateSymbolicLink($"{store.StateDirectory}/gcroots/{root}", SampleStore.Print(PathOf(root)));

        IReadOnlyList<string> live = await ListAsync(store, GcAction.ReturnLive);
        IReadOnlyList<string> dead = await ListAsync(store, GcAction.ReturnDead);

        SortedSet<int> expected = Closure(roots);
        Assert.That(expected, Has.Count.GreaterThan(50));
        Assert.That(live.Order(StringComparer.Ordinal), Is.EqualTo(expected.Select(number => SampleStore.Print(PathOf(number)))));
        Assert.That(dead.Concat(live).Where(path => path.EndsWith("-path", StringComparison.Ordinal)).Distinct().Count(), Is.EqualTo(Count));
    }

    [Test]
    public async Task Memory_for_a_large_store_is_that_for_its_names_and_numbers()
    {
        using TemporaryDirectory directory = new();
        StoreLayout layout = new(directory.Path);
        await GeneratedRows.CreateAsync(layout, Count);
        using StoreDatabase database = new(layout.DatabasePath, StoreDirectory.Default, connections: 1);
        _ = database.ReadGraph(outputs: true, derivations: true);

        long graph = BytesPerPath(() => Assert.That(database.ReadGraph(outputs: true, derivations: true).Count, Is.EqualTo(Count)));
        long all = BytesPerPath(() =>
        {
            using AllPaths paths = database.ReadAllValidPaths();
            int count = 0;
            while (paths.Next())
                count += paths.Current.IsEmpty ? 0 : 1;
            Assert.That(count, Is.EqualTo(Count));
        });
        StorePathHash[] asked = [.. Enumerable.Range(0, 64).Select(n => GeneratedPath.HashOf(n * 997))];
        StorePathHash[] missing = [.. GeneratedPath.MissingHashes(64, seed: 1)];
        _ = database.QueryPathInfos(asked);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = database.QueryPathInfos(missing);
        long misses = (GC.GetAllocatedBytesForCurrentThread() - before) / missing.Length;

        TestContext.Out.WriteLine($"bytes for each path: {graph} for the graph, {all} for all names, {misses} for one that is not there");
        Assert.That(graph, Is.LessThan(250), "About 60 for a name, 4 for a reference, and 40 for the rest, some of it copied once.");
        Assert.That(all, Is.Zero);
        Assert.That(misses, Is.LessThan(100));
    }

    [Test]
    public async Task Each_exchange_is_one_query_however_large_the_store_is()
    {
        const int AtOnce = 1000;
        using TemporaryDirectory directory = new();
        StoreLayout layout = new(directory.Path);
        await GeneratedRows.CreateAsync(layout, Count);
        using StoreDatabase database = new(layout.DatabasePath, StoreDirectory.Default, connections: 1);
        StorePathHash[] hashes = [.. Enumerable.Range(0, Count).Select(GeneratedPath.HashOf)];
        new Random(Count).Shuffle(hashes);

        long before = database.Queries;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        int found = 0;
        foreach (StorePathHash[] some in hashes.Chunk(AtOnce))
            found += database.QueryPathInfos(some).Zip(some).Count(static pair => pair.First?.Path.Hash == pair.Second);
        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / Count;

        TestContext.Out.WriteLine($"{allocated} bytes allocated for each path");
        Assert.That(found, Is.EqualTo(Count));
        Assert.That(database.Queries - before, Is.EqualTo(Count / AtOnce));
        Assert.That(allocated, Is.LessThan(3000));
        Assert.That(database.CountValidPaths(), Is.EqualTo(Count));
        Assert.That(database.Queries - before, Is.EqualTo(Count / AtOnce), "Whole tables are read on a connection of their own.");
    }

    private static long BytesPerPath(Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        read();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
    }

    private static StorePath PathOf(int number) => StorePath.Parse($"{number.ToString("D32", CultureInfo.InvariantCulture)}-path");

    private static async Task<IReadOnlyList<string>> ListAsync(SampleStore store, GcAction action) =>
        (await store.Services.Collector.CollectAsync(new CollectGarbageRequest { Action = action }, default, (_, _) => { }, default)).Paths;

    private static SortedSet<int> Closure(IEnumerable<int> roots)
    {
        SortedSet<int> closure = [];
        Stack<int> rest = new(roots);
        while (rest.TryPop(out int number))
        {
            if (!closure.Add(number))
                continue;
            if (number > 1 && number % 5 != 0)
                rest.Push(number / 2);
            if (number > 3)
                rest.Push((number / 3) + 1);
            if (number % 11 == 0)
                rest.Push(number - 1);
        }

        return closure;
    }
}
