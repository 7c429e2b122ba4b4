using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class DrvOutputTests
{
    private const string Base16 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private const string Base32 = "1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s";

    [TestCase("sha256:" + Base16 + "!out")]
    [TestCase("sha256:" + Base32 + "!out")]
    public void Text_comes_back_in_base_16(string text)
    {
        DrvOutput output = DrvOutput.Parse(text);

        Assert.That(output.ToString(), Is.EqualTo($"sha256:{Base16}!out"));
        Assert.That(output.DerivationHash, Is.EqualTo("sha256:" + Base16));
        Assert.That(output.OutputName, Is.EqualTo("out"));
        Assert.That(output, Is.EqualTo(new DrvOutput("sha256:" + Base16, "out")));
    }

    [TestCase("")]
    [TestCase("sha256:" + Base16)]
    [TestCase("sha256:" + Base16 + "!")]
    [TestCase("sha256:" + Base16 + "!a!b")]
    [TestCase("sha256:" + Base16 + "!../x")]
    [TestCase(Base16 + "!out")]
    [TestCase("!out")]
    public void Anything_else_is_refused(string text) => Assert.That(() => DrvOutput.Parse(text), Throws.TypeOf<FormatException>());

    [Test]
    public void Build_trace_key_has_a_name_of_the_same_kind()
    {
        Assert.That(new BuildTraceKey(KnownPaths.Source, "out").ToString(), Is.EqualTo("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f^out"));
        Assert.That(() => new BuildTraceKey(KnownPaths.Source, "\""), Throws.TypeOf<FormatException>());
    }
}
