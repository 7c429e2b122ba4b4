using System.Text;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class RouteTests
{
    private const string OutHash = "xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c";
    private const string NarHashText = "04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw";

    [TestCase("/nix-cache-info", RouteKind.CacheInfo)]
    [TestCase("/version", RouteKind.Version)]
    [TestCase("/health", RouteKind.Health)]
    [TestCase("/ready", RouteKind.Readiness)]
    [TestCase("/%68ealth", RouteKind.Health)]
    [TestCase("/path", RouteKind.PathSearch)]
    [TestCase("/favicon.svg", RouteKind.Favicon)]
    [TestCase("/favicon.ico", RouteKind.Favicon)]
    [TestCase("/", RouteKind.Landing)]
    [TestCase("/?", RouteKind.Landing)]
    [TestCase("/health?", RouteKind.Health)]
    [TestCase("/health?b?c=/d", RouteKind.Health)]
    [TestCase("http://cache.example.com/health?b", RouteKind.Health)]
    [TestCase("http://cache.example.com:80/health", RouteKind.Health)]
    [TestCase("http://cache.example.com", RouteKind.Landing)]
    [TestCase("http://cache.example.com?json", RouteKind.Landing)]
    public void A_fixed_name_is_known(string path, RouteKind kind) => Assert.That(Route.Parse(path).Kind, Is.EqualTo(kind));

    [TestCase($"/{OutHash}.narinfo")]
    [TestCase($"/{OutHash}%2enarinfo")]
    public void A_narinfo_is_named_by_the_hash_part(string path)
    {
        Route route = Route.Parse(path);

        Assert.That(route.Kind, Is.EqualTo(RouteKind.NarInfo));
        Assert.That(route.OutHash, Is.EqualTo(StorePathHash.Parse(OutHash)));
    }

    [TestCase($"/{OutHash}.ls")]
    public void A_listing_is_named_by_the_hash_part(string path)
    {
        Route route = Route.Parse(path);

        Assert.That(route.Kind, Is.EqualTo(RouteKind.NarListing));
        Assert.That(route.OutHash, Is.EqualTo(StorePathHash.Parse(OutHash)));
    }

    [TestCase("", false)]
    [TestCase("/", true)]
    [TestCase("/bin//r%75n/", true, "bin", "run")]
    public void The_files_of_a_path_are_named_by_what_follows_its_hash_part(string inner, bool endsWithSlash, params string[] names)
    {
        Route route = Route.Parse($"/serve/{OutHash}{inner}");

        Assert.That(route.Kind, Is.EqualTo(RouteKind.Serve));
        Assert.That(route.OutHash, Is.EqualTo(StorePathHash.Parse(OutHash)));
        Assert.That(route.InnerPath?.Names.Select(Encoding.UTF8.GetString), Is.EqualTo(names));
        Assert.That(route.InnerPath?.EndsWithSlash, Is.EqualTo(endsWithSlash));
    }

    [TestCase($"{OutHash}", null)]
    [TestCase($"{OutHash}-hello-2.12", $"{OutHash}-hello-2.12")]
    [TestCase($"{OutHash}-a%3Fb", $"{OutHash}-a?b")]
    public void Files_and_pages_are_found_by_the_hash_part_with_or_without_the_name(string path, string? name)
    {
        Route page = Route.Parse($"/path/{path}");
        Route route = Route.Parse($"/serve/{path}/bin");
        Assert.That((page.Kind, page.OutHash, page.Name), Is.EqualTo((RouteKind.PathPage, route.OutHash, name)));

        Assert.That(route.Kind, Is.EqualTo(RouteKind.Serve));
        Assert.That(route.OutHash, Is.EqualTo(StorePathHash.Parse(OutHash)));
        Assert.That(route.Name, Is.EqualTo(name));
        Assert.That(route.InnerPath?.Names, Has.Count.EqualTo(1));
    }

    [TestCase("/..")]
    [TestCase("/bin/run%2Fx")]
    public void Names_that_no_file_can_have_are_the_names_of_nothing(string inner)
    {
        Route route = Route.Parse($"/serve/{OutHash}{inner}");

        Assert.That(route.Kind, Is.EqualTo(RouteKind.Serve));
        Assert.That(route.InnerPath, Is.Null);
    }

    [TestCase($"/{OutHash}.narinfo?json=a%20b", "a b")]
    [TestCase($"http://cache.example.com/{OutHash}.narinfo?x=1&json=y", "y")]
    [TestCase($"/nar/{NarHashText}.nar?hash={OutHash}", OutHash)]
    [TestCase($"/{OutHash}.narinfo?hash=1", null)]
    [TestCase("/health?json=1", null)]
    [TestCase("/path?q=%2Fnix+store", "/nix store")]
    public void A_target_brings_the_parameter_of_its_kind(string target, string? value)
    {
        QueryParameter? parameter = Route.Parse(target).Parameter;

        Assert.That(parameter?.Value, Is.EqualTo(value));
    }

    [Test]
    public void A_nar_is_named_by_both_hashes()
    {
        Route route = Route.Parse($"/nar/{OutHash}-{NarHashText}.nar");

        Assert.That(route.Kind, Is.EqualTo(RouteKind.Nar));
        Assert.That(route.OutHash, Is.EqualTo(StorePathHash.Parse(OutHash)));
        Assert.That(route.NarHash, Is.EqualTo(NarHash.Parse(NarHashText)));
    }

    [Test]
    public void A_compressed_nar_is_named_by_both_hashes_and_by_nothing_less()
    {
        Route route = Route.Parse($"/nar/{OutHash}-{NarHashText}.nar.zst");

        Assert.That(route.Kind, Is.EqualTo(RouteKind.ZstdNar));
        Assert.That(route.OutHash, Is.EqualTo(StorePathHash.Parse(OutHash)));
        Assert.That(route.NarHash, Is.EqualTo(NarHash.Parse(NarHashText)));
        foreach (string other in (string[])[$"{OutHash}.nar.zst", $"{NarHashText}.nar.zst", $"{OutHash}-{NarHashText}.zst", $"{OutHash}-{NarHashText}.nar.zst.zst"])
            Assert.That(Route.Parse($"/nar/{other}").Kind, Is.EqualTo(RouteKind.Unknown), other);
    }

    [Test]
    public void The_hash_part_of_a_nar_may_stand_in_the_query_instead()
    {
        Route route = Route.Parse($"/nar/{NarHashText}.nar");

        Assert.That(route.Kind, Is.EqualTo(RouteKind.NarOfNarHash));
        Assert.That(route.OutHash, Is.Null);
    }

    [Test]
    public void A_nar_may_be_named_by_the_hash_part_alone()
    {
        Route route = Route.Parse($"/nar/{OutHash}.nar");

        Assert.That(route.Kind, Is.EqualTo(RouteKind.NarOfOutHash));
        Assert.That(route.OutHash, Is.EqualTo(StorePathHash.Parse(OutHash)));
        Assert.That(route.NarHash, Is.Null);
    }

    [TestCase("")]
    [TestCase("*")]
    [TestCase("?json")]
    [TestCase("cache.example.com:80")]
    [TestCase("//")]
    [TestCase("health")]
    [TestCase("/health/")]
    [TestCase("//health")]
    [TestCase("/./health")]
    [TestCase("/x/../health")]
    [TestCase("/x%2f..%2fhealth")]
    [TestCase("/Health")]
    [TestCase("/%2fhealth")]
    [TestCase("/healt%68%")]
    [TestCase("/%2568ealth")]
    [TestCase("/.narinfo")]
    [TestCase($"/{OutHash}")]
    [TestCase($"/{OutHash}.NARINFO")]
    [TestCase($"/{OutHash}.narinfo/")]
    [TestCase($"/{OutHash}x.narinfo")]
    [TestCase("/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8.narinfo")]
    [TestCase("/XP0DPR9YZ5H0FK5C5LPJ7ZZQJBDH3W8C.narinfo")]
    [TestCase("/ep0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c.narinfo")]
    [TestCase("/nar")]
    [TestCase("/nar/")]
    [TestCase("/nar/.nar")]
    [TestCase($"/nar%2f{NarHashText}.nar")]
    [TestCase($"/nar//{NarHashText}.nar")]
    [TestCase($"/nar/{NarHashText}.nar/x")]
    [TestCase($"/nar/{NarHashText}.nar.xz")]
    [TestCase($"/nar/{OutHash}_{NarHashText}.nar")]
    [TestCase($"/nar/{OutHash}{NarHashText}.nar")]
    [TestCase($"/nar/x-{NarHashText}.nar")]
    [TestCase($"/nar/-{NarHashText}.nar")]
    [TestCase("/nar/z4zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw.nar")]
    [TestCase("/nar/1c37d01af40be2e80691de3cc3df44377a699afbb17c68f080964b2fd071fc13.nar")]
    [TestCase($"/NAR/{NarHashText}.nar")]
    [TestCase($"/{OutHash}.ls/")]
    [TestCase($"/{OutHash}x.ls")]
    [TestCase("/serve")]
    [TestCase("/serve/")]
    [TestCase($"/serve//{OutHash}/")]
    [TestCase($"/serve/{OutHash}-/")]
    [TestCase($"/serve/{OutHash}_name/")]
    [TestCase($"/serve/{OutHash}-n%2fame/")]
    [TestCase($"/serve/{OutHash}%2f")]
    [TestCase("/serve/../serve/")]
    [TestCase("/path/")]
    [TestCase("/path/x")]
    [TestCase($"/path/{OutHash}/")]
    [TestCase($"/path/{OutHash}-a/b")]
    [TestCase($"/path/{OutHash}-a%2fb")]
    [TestCase($"/path//{OutHash}")]
    public void Everything_else_is_unknown(string path) => Assert.That(Route.Parse(path).Kind, Is.EqualTo(RouteKind.Unknown));

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool Any_bytes_are_read_without_failure(byte[] target) =>
        Route.Parse(target).Kind == Route.Parse([.. "http://a"u8, .. target]).Kind || target is not [(byte)'/', ..];

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public bool Any_path_is_read_without_failure(byte[] bytes)
    {
        // After a question mark the path would end.
        string text = Encoding.Latin1.GetString(bytes).Replace('?', '!');
        return Route.Parse("/x" + text).Kind == RouteKind.Unknown
            && Route.Parse($"/nar/{text}.nar").Kind == RouteKind.Unknown
            && Route.Parse($"/{text}.narinfo").Kind == RouteKind.Unknown
            && Route.Parse(text).Kind is RouteKind.Unknown or RouteKind.Landing;
    }
}
