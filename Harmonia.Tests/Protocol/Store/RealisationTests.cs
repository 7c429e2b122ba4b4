using System.Text;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class RealisationTests
{
    private const string Id = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad!foo";
    private const string OtherId = "sha256:aa7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad!bar";
    private const string OutPath = "g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo.drv";

    private static readonly Realisation Simple = new() { Id = DrvOutput.Parse(Id), OutPath = StorePath.Parse(OutPath) };

    private static readonly Realisation Full = Simple with
    {
        Signatures = ["b:+/", "a:<>&'"],
        DependentRealisations = new Dictionary<DrvOutput, StorePath>
        {
            [DrvOutput.Parse(Id)] = KnownPaths.Source,
            [DrvOutput.Parse(OtherId)] = KnownPaths.Text,
        },
    };

    [Test]
    public void Json_is_compact_and_sorted()
    {
        Assert.That(Simple.ToJson(), Is.EqualTo($$"""{"dependentRealisations":{},"id":"{{Id}}","outPath":"{{OutPath}}","signatures":[]}"""));
        string expected = $$"""
            {"dependentRealisations":{"{{OtherId}}":"{{KnownPaths.Text}}","{{Id}}":"{{KnownPaths.Source}}"},
            "id":"{{Id}}","outPath":"{{OutPath}}","signatures":["a:<>&'","b:+/"]}
            """;
        Assert.That(Full.ToJson(), Is.EqualTo(expected.ReplaceLineEndings("")));
    }

    [Test]
    public void Json_comes_back()
    {
        Assert.That(Realisation.ParseJson(Simple.ToJson()), Is.EqualTo(Simple));
        Assert.That(Realisation.ParseJson(Full.ToJson()), Is.EqualTo(Full));
        Assert.That(Full, Is.Not.EqualTo(Full with { Signatures = [] }));
        Assert.That(Full, Is.Not.EqualTo(Full with { DependentRealisations = Simple.DependentRealisations }));
    }

    [Test]
    public void Optional_keys_may_be_missing_and_unknown_keys_are_ignored() => Assert.That(
        Realisation.ParseJson($$""" {"outPath":"{{OutPath}}","x":{"y":[{"z":null}]},"id":"{{Id}}"} """), Is.EqualTo(Simple));

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{")]
    [TestCase("{}")]
    [TestCase($$"""{"id":"{{Id}}"}""")]
    [TestCase($$"""{"outPath":"{{OutPath}}"}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"{{OutPath}}"} x""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"{{OutPath}}"}{}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"{{OutPath}}",}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"/nix/store/{{OutPath}}"}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":1}""")]
    [TestCase($$"""{"id":null,"outPath":"{{OutPath}}"}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"{{OutPath}}","signatures":null}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"{{OutPath}}","signatures":[1]}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"{{OutPath}}","signatures":[null]}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"{{OutPath}}","signatures":["\ud800"]}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"{{OutPath}}","signatures":["a"}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"{{OutPath}}","dependentRealisations":[]}""")]
    [TestCase($$$"""{"id":"{{{Id}}}","outPath":"{{{OutPath}}}","dependentRealisations":{"x":"{{{OutPath}}}"}}""")]
    [TestCase($$"""{"id":"{{Id}}","outPath":"{{OutPath}}","dependentRealisations":{"{{Id}}":{} } }""")]
    public void Anything_else_is_refused(string json) =>
        Assert.That(() => Realisation.ParseJson(json), Throws.TypeOf<FormatException>());

    [Test]
    public void Depth_chosen_by_a_peer_is_refused() => Assert.That(
        () => Realisation.ParseJson($$"""{"x":{{new string('[', 100_000)}}"""), Throws.TypeOf<FormatException>());

    [FsCheck.NUnit.Property]
    public bool Damaged_json_is_refused_in_good_order(int index, char replacement)
    {
        char[] json = Full.ToJson().ToCharArray();
        json[(index & int.MaxValue) % json.Length] = replacement;
        try
        {
            return Realisation.ParseJson(new string(json)) is not null;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    [Test]
    public void Signatures_are_not_signed()
    {
        Assert.That(
            Encoding.UTF8.GetString(Simple.Fingerprint()),
            Is.EqualTo($$"""{"dependentRealisations":{},"id":"{{Id}}","outPath":"{{OutPath}}"}"""));
        Assert.That((Full with { Signatures = [] }).Fingerprint(), Is.EqualTo(Full.Fingerprint()));
    }

    [Test]
    public void Unkeyed_realisation_is_signed_with_its_key()
    {
        UnkeyedRealisation realisation = new() { OutPath = KnownPaths.Source, Signatures = ["b:x", "a:x"] };

        Assert.That(
            Encoding.UTF8.GetString(realisation.Fingerprint(new BuildTraceKey(StorePath.Parse(OutPath), "foo"))),
            Is.EqualTo($$$"""{"key":{"drvPath":"{{{OutPath}}}","outputName":"foo"},"value":{"outPath":"{{{KnownPaths.Source}}}"}}"""));
        Assert.That(realisation, Is.EqualTo(new UnkeyedRealisation { OutPath = KnownPaths.Source, Signatures = ["a:x", "b:x"] }));
        Assert.That(realisation, Is.Not.EqualTo(realisation with { Signatures = [] }));
    }
}
