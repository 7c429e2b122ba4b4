using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Gc;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Gc;

/// <summary>A listing is in ascending order, whatever is in it.</summary>
public sealed class PathListingTests
{
    [Test]
    public void Valid_paths_and_others_are_listed_in_order([Range(0, 20)] int seed)
    {
        Random random = new(seed);
        StorePath[] paths = [.. Enumerable.Range(0, random.Next(40)).Select(n => FakeStore.PathOf(FakeStore.Hash(n))).Order()];
        PathNames names = new();
        foreach (StorePath path in paths)
            names.Add(Encoding.ASCII.GetBytes(path.BaseName));
        names.Complete();
        int[] places = [.. Enumerable.Range(0, paths.Length).Where(_ => random.Next(3) > 0)];
        string[] others = [.. Enumerable.Range(0, random.Next(5)).Select(n => $"/nix/store/{(n % 2 == 0 ? "0" : "")}{random.Next(100)}{n}-other")];

        PathListing listing = new(names, StoreDirectory.Default, places, others);

        string[] expected =
        [
            .. places.Select(place => StoreDirectory.Default.Print(paths[place])).Concat(others).Order(StringComparer.Ordinal),
        ];
        Assert.That(listing, Is.EqualTo(expected));
        Assert.That(Enumerable.Range(0, listing.Count).Select(index => listing[index]), Is.EqualTo(expected));
    }
}
