using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.BenchmarkTests;

public sealed class GeneratedPathTests
{
    private const int Count = 5000;

    private static readonly GeneratedPath[] Paths = [.. Enumerable.Range(0, Count).Select(number => new GeneratedPath(number))];

    // Later releases of this program use a store that was made once.
    [Test]
    public void A_number_always_makes_the_same_path()
    {
        GeneratedPath path = new(4711);

        Assert.That(path.Path.BaseName, Is.EqualTo("1y190sd0i4hbdgi4ida1hp46s1v6w3j9-rust_serde_derive-19.10.7-dist"));
        Assert.That(path.NarHash.ToPrefixedBase32(), Is.EqualTo("sha256:1mqsnfjcwm3frh8xyynaf65m3faf49jgrkjkgd57gx37ik19395x"));
        Assert.That(path.Info, Is.EqualTo(Paths[4711].Info));
    }

    [Test]
    public void Paths_differ() => Assert.That(Paths.Select(path => path.Path.Hash), Is.Unique);

    [Test]
    public void Paths_refer_to_at_most_ten_that_come_before()
    {
        Assert.That(Paths.SelectMany(path => path.References.Select(reference => path.Number - reference)), Is.All.GreaterThan(0));
        Assert.That(Paths.Max(path => path.References.Count), Is.InRange(8, 10));
        Assert.That(Paths.Average(path => path.References.Count), Is.InRange(4, 6));
        Assert.That(Paths.Select(path => path.References), Has.All.Ordered.And.All.Unique);
    }

    [Test]
    public void Some_paths_have_derivers_and_signatures()
    {
        Assert.That(Paths.Count(path => path.Deriver is not null), Is.InRange(Count * 7 / 10, Count * 9 / 10));
        Assert.That(Paths.Select(path => path.Deriver?.IsDerivation ?? true), Is.All.True);
        Assert.That(Paths.Count(path => path.Signatures.Count > 0), Is.InRange(Count / 4, Count / 2));
        Assert.That(Paths.SelectMany(path => path.Signatures).Select(signature => Signature.TryParse(signature, out _)), Is.All.True);
    }

    [Test]
    public void Names_have_usual_lengths() => Assert.That(Paths.Average(path => path.Path.Name.Length), Is.InRange(20, 35));

    [Test]
    public void Missing_hash_parts_differ_with_the_seed_and_are_in_no_store()
    {
        StorePathHash[] missing = [.. GeneratedPath.MissingHashes(Count, 1), .. GeneratedPath.MissingHashes(Count, 2)];

        Assert.That(missing, Is.Unique);
        Assert.That(missing.Intersect(Paths.Select(path => path.Path.Hash)), Is.Empty);
    }
}
