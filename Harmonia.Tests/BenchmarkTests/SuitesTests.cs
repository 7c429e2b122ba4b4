using System.Text.RegularExpressions;
using Harmonia.Benchmarks.Servers;
using Harmonia.Benchmarks.Servers.Commands;
using Harmonia.Benchmarks.Servers.Works;
using NUnit.Framework;

namespace Harmonia.Tests.BenchmarkTests;

public sealed class SuitesTests
{
    private static readonly IReadOnlyDictionary<string, Func<Session, Suite>> All = new Dictionary<string, Func<Session, Suite>>
    {
        ["cache"] = Suites.Cache,
        ["daemon"] = Suites.Daemon,
        ["memory"] = Suites.Memory,
        ["start"] = Suites.Start,
        ["grow"] = Suites.Grow,
    };

    private static IEnumerable<string> Names => All.Keys;

    // Nothing is started before a work runs.
    [Test]
    public async Task Works_have_names_of_their_own([ValueSource(nameof(Names))] string name, [Values] bool quick)
    {
        await using Suite suite = All[name](new Session(new Options { Quick = quick }));

        Assert.That(suite.Works.Select(work => work.Name), Is.Not.Empty.And.Unique);
    }

    [TestCase("stored zstd", "stored zstd: text", "stored zstd: binaries")]
    [TestCase("^narinfo|info$", "narinfo hit", "narinfo miss, repeated", "nix-cache-info", "narinfo hit over TLS")]
    public async Task Pattern_selects_works_by_name(string pattern, params string[] names)
    {
        await using Suite suite = Suites.Cache(new Session(new Options()));

        Assert.That(suite.Select(Pattern(pattern)).Select(work => work.Name), Is.EqualTo(names));
    }

    [Test]
    public async Task Each_wanted_size_of_a_store_has_the_same_works()
    {
        await using Suite one = Suites.Grow(new Session(new Options { Paths = [5000] }));
        await using Suite two = Suites.Grow(new Session(new Options { Paths = [5000, 20_000] }));

        Assert.That(one.Works.Count(work => work.Name.EndsWith(" 5,000 paths", StringComparison.Ordinal)), Is.GreaterThan(5));
        Assert.That(
            two.Works.Select(work => work.Name).Except(one.Works.Select(work => work.Name)),
            Is.EqualTo(one.Works.Where(work => work.Name.EndsWith(" 5,000 paths", StringComparison.Ordinal)).Select(work => work.Name.Replace("5,000 paths", "20,000 paths"))));
    }

    [Test]
    public async Task Without_a_pattern_all_works_are_measured()
    {
        await using Suite suite = Suites.Cache(new Session(new Options()));

        Assert.That(suite.Select(null), Is.EqualTo(suite.Works));
    }

    [Test]
    public async Task Pattern_that_no_name_matches_is_an_error()
    {
        await using Suite suite = Suites.Cache(new Session(new Options()));

        Assert.That(() => suite.Select(Pattern("narrinfo")), Throws.TypeOf<BenchmarkException>().With.Message.Contains("'narrinfo'"));
    }

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(10));
}
