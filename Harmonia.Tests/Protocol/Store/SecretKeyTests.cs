using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Harmonia.Tests.Protocol.Store;

public sealed class SecretKeyTests
{
    private const string Digits = "MlYiI5tnNdyCsAIzCnI9JrUhDsRsYsbZrj54skbUd8Ivwt2AGGXfbfkLEQOskjhiito33PkBOfQh8cteT2QQxQ";
    private const string Secret = $"{Digits}==";
    private const string Text = $"test-1:{Secret}";
    private const string PublicText = "test-1:L8LdgBhl3235CxEDrJI4YoraN9z5ATn0IfHLXk9kEMU=";

    private const string Message =
        "1;/nix/store/rpbvp3yr7709w8h43pda70d3pjw9skf5-f2;sha256:0j116zki4432hcpxlxd6mip064i53z5pn0vyvj0crgz8m1l04a69;160;"
        + "/nix/store/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f";

    private const string Expected = "test-1:k+RYlyCu2hw8hKeF2X9JhWQDyDXpY6x3dceJvPhkcw5V+HJkJNru66X81TiiPXBZ+8Tve/dvGPplTunK1WcADw==";

    [Test]
    public void Signature_is_the_one_Nix_makes()
    {
        using SecretKey key = SecretKey.Parse(Text);

        Signature signature = key.Sign(Encoding.UTF8.GetBytes(Message));

        Assert.That(signature.ToString(), Is.EqualTo(Expected));
        Assert.That(key.PublicKey.Verify(Encoding.UTF8.GetBytes(Message), signature), Is.True);
    }

    [TestCase(Text)]
    [TestCase(" \t" + Text + "\r\n")]
    [TestCase("test-1:" + Digits, Description = "no padding")]
    [TestCase("test-1:" + Digits + "=\n", Description = "half the padding")]
    [TestCase("test-1:MlYiI5tnNdyCsAIzCnI9JrUhDsRsYsbZrj54skbUd8Ivwt2AGGXf\nbfkLEQOskjhiito33PkBOfQh8cteT2QQxQ\n", Description = "two lines")]
    public void Secret_key_comes_back(string text)
    {
        using SecretKey key = SecretKey.Parse(text);

        Assert.That(key.Name, Is.EqualTo("test-1"));
        Assert.That(key.PublicKey, Is.EqualTo(PublicKey.Parse(PublicText)));
        Assert.That(key.PublicKey.ToString(), Is.EqualTo(PublicText));
        Assert.That(key.ExportText(), Is.EqualTo(Text));
    }

    [TestCase("")]
    [TestCase("test-1")]
    [TestCase(Secret)]
    [TestCase(":" + Secret)]
    [TestCase("test 1:" + Secret)]
    [TestCase("test-1:" + Secret + Secret)]
    [TestCase("test-1:MlYiI5tnNdyCsAIzCnI9JrUhDsRsYsbZrj54skbUd8I=", Description = "the seed alone")]
    [TestCase("test-1:MlYiI5tnNdyCsAIzCnI9JrUhDsRsYsbZrj54skbUd8Ivwt2AGGXfbfkLEQOskjhiito33PkBOfQh8cteT2QQxA==", Description = "another public half")]
    public void Anything_else_is_refused_without_repeating_it(string text) => Assert.That(
        () => SecretKey.Parse(text),
        Throws.TypeOf<FormatException>()
            .With.Property(nameof(Exception.InnerException)).Null
            .And.Property(nameof(Exception.Message)).Not.Contains("MlYiI5tnNdyC"));

    [Test]
    public void Text_of_a_key_does_not_show_the_secret()
    {
        using SecretKey key = SecretKey.Parse(Text);

        Assert.That(key.ToString(), Is.EqualTo("test-1"));
        Assert.That($"{key}", Does.Not.Contain("MlYiI5tnNdyC"));
    }

    [Test]
    public void Generated_keys_differ_and_come_back()
    {
        using SecretKey one = SecretKey.Generate("new-1");
        using SecretKey other = SecretKey.Generate("new-1");
        using SecretKey same = SecretKey.Parse(one.ExportText());

        Assert.That(one.PublicKey, Is.Not.EqualTo(other.PublicKey));
        Assert.That(same.PublicKey, Is.EqualTo(one.PublicKey));
        Assert.That(other.PublicKey.Verify("x"u8, one.Sign("x"u8)), Is.False);
    }

    [TestCase("")]
    [TestCase("a:b")]
    [TestCase("a b")]
    [TestCase("a\n")]
    public void Unfit_name_is_refused(string name) => Assert.That(() => SecretKey.Generate(name), Throws.TypeOf<FormatException>());

    [FsCheck.NUnit.Property]
    public bool BouncyCastle_makes_the_same_signature(byte[] message)
    {
        using SecretKey key = SecretKey.Generate("x");
        byte[] bytes = Convert.FromBase64String(key.ExportText()[2..]);
        Ed25519PrivateKeyParameters secret = new(bytes, 0);
        Ed25519Signer signer = new();
        signer.Init(forSigning: true, secret);
        signer.BlockUpdate(message, 0, message.Length);

        return key.Sign(message).Bytes.SequenceEqual(signer.GenerateSignature())
            && key.PublicKey.Bytes.SequenceEqual(secret.GeneratePublicKey().GetEncoded());
    }

    [Test]
    public void Threads_may_sign_at_the_same_time()
    {
        using SecretKey key = SecretKey.Parse(Text);
        byte[][] messages = [.. Enumerable.Range(0, 500).Select(i => Encoding.UTF8.GetBytes($"message {i}"))];
        Signature[] expected = [.. messages.Select(message => key.Sign(message))];
        Signature[] signatures = new Signature[messages.Length];

        Parallel.For(0, messages.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => signatures[i] = key.Sign(messages[i]));

        Assert.That(signatures, Is.EqualTo(expected));
    }

    [Test]
    public void Disposed_key_signs_no_more()
    {
        SecretKey key = SecretKey.Parse(Text);
        key.Dispose();
        key.Dispose();

        Assert.That(() => key.Sign([]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(key.Export, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(key.PublicKey.ToString(), Is.EqualTo(PublicText));
    }
}
