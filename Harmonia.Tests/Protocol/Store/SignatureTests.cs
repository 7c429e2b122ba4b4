using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class SignatureTests
{
    private const string Text = "test-1:k+RYlyCu2hw8hKeF2X9JhWQDyDXpY6x3dceJvPhkcw5V+HJkJNru66X81TiiPXBZ+8Tve/dvGPplTunK1WcADw==";

    private static readonly string Zeros = Convert.ToBase64String(new byte[64]);

    private static readonly string[] Malformed =
    [
        "",
        ":",
        "test-1",
        "test-1:",
        "test-1:" + Zeros[..^1],
        "test-1:" + Zeros.Replace('=', 'A'),
        "test-1: " + Zeros,
        "test-1:" + Zeros + "\n",
        "test-1:" + Convert.ToBase64String(new byte[63]),
        "test-1:" + Convert.ToBase64String(new byte[65]),
        ":" + Zeros,
        " :" + Zeros,
        "test 1:" + Zeros,
        "test\n1:" + Zeros,
        "test\0:" + Zeros,
    ];

    [Test]
    public void Text_comes_back()
    {
        Signature signature = Signature.Parse(Text);

        Assert.That(signature.KeyName, Is.EqualTo("test-1"));
        Assert.That(signature.Bytes.Length, Is.EqualTo(64));
        Assert.That(signature.ToString(), Is.EqualTo(Text));
    }

    [Test]
    public void Equality_is_by_value()
    {
        Signature signature = Signature.Parse(Text);

        Assert.That(signature, Is.EqualTo(Signature.Parse(Text)));
        Assert.That(signature.GetHashCode(), Is.EqualTo(Signature.Parse(Text).GetHashCode()));
        Assert.That(signature, Is.Not.EqualTo(Signature.Parse("test-2" + Text[6..])));
        Assert.That(signature, Is.Not.EqualTo(Signature.Parse("test-1:" + Zeros)));
    }

    [TestCaseSource(nameof(Malformed))]
    public void Anything_else_is_refused(string text) => Assert.That(Signature.TryParse(text, out _), Is.False);

    [FsCheck.NUnit.Property]
    public bool Arbitrary_text_is_refused_without_an_exception(string? text) => !Signature.TryParse("a:" + text, out _);
}
