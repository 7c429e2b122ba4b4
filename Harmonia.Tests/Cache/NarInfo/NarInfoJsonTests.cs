using System.Text;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarInfo;

public sealed class NarInfoJsonTests
{
    [Test]
    public void All_keys_stand_in_ascending_order() => Assert.That(Render(SamplePaths.Full), Is.EqualTo(WithoutBreaks("""
        {"ca":{"method":"nar","hash":"sha256-HDfQGvQL4ugGkd48w99EN3ppmvuxfGjwgJZLL9Bx/BM="},
        "compression":"none",
        "deriver":"yz0npkk0knai0s2jf4jrrq9ldk9b6x96-top.drv",
        "narHash":"sha256-ySgCaKjov8yA3H4De8sfJRIDbqymddovg2IQEuc3IUg=",
        "narSize":160,
        "references":["rpbvp3yr7709w8h43pda70d3pjw9skf5-f2","xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f"],
        "registrationTime":1700000000,
        "signatures":[{"keyName":"cache.nixos.org-1",
        "sig":"GrGV/Ls10TzoOaCnrcAqmPbKXFLLSBDeGNh5EQGKyuGA4K1wv1LcRVb6/sU+NAPK8lDiam8XcdJzUngmdhfTBQ=="}],
        "storeDir":"/nix/store",
        "ultimate":true,
        "url":"nar/rpbvp3yr7709w8h43pda70d3pjw9skf5-0j116zki4432hcpxlxd6mip064i53z5pn0vyvj0crgz8m1l04a69.nar",
        "version":3}
        """)));

    [Test]
    public void What_is_not_known_is_null() => Assert.That(Render(SamplePaths.Bare), Is.EqualTo(WithoutBreaks("""
        {"ca":null,
        "compression":"none",
        "deriver":null,
        "narHash":"sha256-HDfQGvQL4ugGkd48w99EN3ppmvuxfGjwgJZLL9Bx/BM=",
        "narSize":120,
        "references":[],
        "registrationTime":null,
        "signatures":[],
        "storeDir":"/nix/store",
        "ultimate":false,
        "url":"nar/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw.nar",
        "version":3}
        """)));

    [TestCase("text:sha256:04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw", "text")]
    [TestCase("fixed:sha256:04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw", "flat")]
    [TestCase("fixed:git:sha256:04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw", "git")]
    public void A_content_address_names_its_method(string address, string method)
    {
        ValidPathInfo path = SamplePaths.Bare with { Info = SamplePaths.Bare.Info with { ContentAddress = ContentAddress.Parse(address) } };

        Assert.That(Render(path), Does.StartWith($$"""{"ca":{"method":"{{method}}","hash":"sha256-"""));
    }

    private static string Render(ValidPathInfo path) =>
        Encoding.UTF8.GetString(NarInfoJson.Render(new NarInfoSigner(StoreDirectory.Default, []).Sign(path)).Span);

    private static string WithoutBreaks(string text) => text.Replace("\n", "", StringComparison.Ordinal);
}
