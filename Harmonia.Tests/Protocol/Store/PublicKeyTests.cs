using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class PublicKeyTests
{
    private const string Text = "test-1:L8LdgBhl3235CxEDrJI4YoraN9z5ATn0IfHLXk9kEMU=";
    private const string SecretText = "test-1:MlYiI5tnNdyCsAIzCnI9JrUhDsRsYsbZrj54skbUd8Ivwt2AGGXfbfkLEQOskjhiito33PkBOfQh8cteT2QQxQ==";

    [Test]
    public void Text_comes_back()
    {
        PublicKey key = PublicKey.Parse(Text);

        Assert.That(key.ToString(), Is.EqualTo(Text));
        Assert.That(key, Is.EqualTo(PublicKey.Parse(Text)));
        Assert.That(key, Is.Not.EqualTo(PublicKey.Parse("x" + Text)));
    }

    [Test]
    public void Padding_may_be_missing() =>
        Assert.That(PublicKey.Parse(Text.TrimEnd('=')), Is.EqualTo(PublicKey.Parse(Text)));

    [TestCase("")]
    [TestCase("L8LdgBhl3235CxEDrJI4YoraN9z5ATn0IfHLXk9kEMU=")]
    [TestCase(":L8LdgBhl3235CxEDrJI4YoraN9z5ATn0IfHLXk9kEMU=")]
    [TestCase(Text + "=")]
    [TestCase(Text + "x")]
    [TestCase("test-1:L8LdgBhl3235CxEDrJI4Yora N9z5ATn0IfHLXk9kEMU=")]
    [TestCase("test-1:L8LdgBhl3235CxEDrJI4Yora=N9z5ATn0IfHLXk9kEMU=")]
    [TestCase(" " + Text)]
    [TestCase(SecretText)]
    public void Anything_else_is_refused_without_repeating_it(string text)
    {
        Assert.That(PublicKey.TryParse(text, out _), Is.False);
        Assert.That(() => PublicKey.Parse(text), Throws.TypeOf<FormatException>().With.Message.Not.Contains("MlYiI5tn"));
    }

    [Test]
    public void Changed_message_signature_or_name_is_not_verified()
    {
        using SecretKey key = SecretKey.Parse(SecretText);
        byte[] message = [.. "message"u8];
        Signature signature = key.Sign(message);
        byte[] changed = signature.Bytes.ToArray();
        changed[^1] ^= 1;

        Assert.That(key.PublicKey.Verify(message, signature), Is.True);
        Assert.That(key.PublicKey.Verify("massage"u8, signature), Is.False);
        Assert.That(key.PublicKey.Verify(message, Signature.Parse($"test-1:{Convert.ToBase64String(changed)}")), Is.False);
        Assert.That(key.PublicKey.Verify(message, Signature.Parse($"test-2:{Convert.ToBase64String(signature.Bytes)}")), Is.False);
    }

    [Test]
    public void Key_that_is_not_a_point_of_the_curve_verifies_nothing()
    {
        using SecretKey key = SecretKey.Parse(SecretText);
        PublicKey odd = PublicKey.Parse($"test-1:{Convert.ToBase64String([2, .. new byte[31]])}");

        Assert.That(odd.Verify("message"u8, key.Sign("message"u8)), Is.False);
    }
}
