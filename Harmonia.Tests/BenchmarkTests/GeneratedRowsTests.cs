using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Daemon.Adding;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.BenchmarkTests;

public sealed class GeneratedRowsTests
{
    private const int Count = 2000;

    [Test]
    public async Task The_daemon_reads_what_was_generated()
    {
        using TemporaryDirectory directory = new();
        StoreLayout layout = new(directory.Path);
        await GeneratedRows.CreateAsync(layout, Count);

        using StoreDatabase database = new(layout.DatabasePath, StoreDirectory.Default, connections: 1);
        ValidPathInfo[] expected = [.. Enumerable.Range(0, Count).Select(number => new GeneratedPath(number).Info)];
        Assert.That(database.QueryPathInfos([.. expected.Select(path => path.Path.Hash)]), Is.EqualTo(expected));
        Assert.That(database.QueryAllValidPaths(), Is.EqualTo(expected.Select(path => path.Path).Order()));
        Assert.That(database.QueryPathFromHashPart(GeneratedPath.HashOf(Count)), Is.Null);
    }

    [Test]
    public async Task Generated_paths_join_those_that_are_there()
    {
        using TemporaryDirectory directory = new();
        StoreLayout layout = new(directory.Path);
        StoreCreation.EnsureExists(layout);
        StorePath other = StorePath.Parse($"{new string('0', StorePathHash.Length)}-other");
        using StoreDatabase database = new(layout.DatabasePath, StoreDirectory.Default, connections: 1);
        using StoreChanges changes = new(database, TimeProvider.System);
        using (PathRegistration registration = new(database.Access, StoreDirectory.Default, changes, TimeProvider.System, synchronise: false))
        {
            ValidPathInfo info = new() { Path = other, Info = new UnkeyedValidPathInfo { NarHash = NarHash.Of("other"u8), NarSize = 5 } };
            registration.Change(change => change.Register([info], _ => []));
        }

        await GeneratedRows.AddAsync(layout.DatabasePath, 10);

        Assert.That(database.IsValidPath(other), Is.True);
        Assert.That(database.QueryPathInfo(GeneratedPath.PathOf(9)), Is.EqualTo(new GeneratedPath(9).Info.Info));
    }
}
