using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class NarHashTests
{
    private const string Base16 = "1c37d01af40be2e80691de3cc3df44377a699afbb17c68f080964b2fd071fc13";
    private const string Base32 = "04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw";
    private const string Base64 = "HDfQGvQL4ugGkd48w99EN3ppmvuxfGjwgJZLL9Bx/BM=";

    // The NAR of a regular file with the content "hello\n".
    private const string Nar =
        "0d000000000000006e69782d617263686976652d3100000001000000000000002800000000000000040000000000000074797065000000000700000000000000"
        + "726567756c617200080000000000000063" + "6f6e74656e7473060000000000000068656c6c6f0a000001000000000000002900000000000000";

    [Test]
    public void Nar_is_hashed() => Assert.That(NarHash.Of(Convert.FromHexString(Nar)).ToBase16(), Is.EqualTo(Base16));

    [TestCase(Base16)]
    [TestCase("1C37D01AF40BE2E80691DE3CC3DF44377A699AFBB17C68F080964B2FD071FC13")]
    [TestCase(Base32)]
    [TestCase(Base64)]
    [TestCase("sha256:" + Base16)]
    [TestCase("sha256:" + Base32)]
    [TestCase("sha256:" + Base64)]
    [TestCase("sha256-" + Base64)]
    public void Every_spelling_is_read(string text)
    {
        NarHash hash = NarHash.Parse(text);

        Assert.That(hash.ToBase16(), Is.EqualTo(Base16));
        Assert.That(hash.ToBase32(), Is.EqualTo(Base32));
        Assert.That(hash.ToSri(), Is.EqualTo("sha256-" + Base64));
        Assert.That(hash.ToPrefixedBase16(), Is.EqualTo("sha256:" + Base16));
        Assert.That(hash.ToPrefixedBase32(), Is.EqualTo("sha256:" + Base32));
        Assert.That(hash.ToHash(), Is.EqualTo(Hash.Parse("sha256:" + Base16)));
        Assert.That(hash, Is.EqualTo(NarHash.FromBytes(Convert.FromHexString(Base16))));
    }

    [TestCase("")]
    [TestCase("sha256:")]
    [TestCase("sha512:" + Base16)]
    [TestCase("blake3:" + Base16)]
    [TestCase("sha256-" + Base16)]
    [TestCase(Base16 + "00")]
    [TestCase("d41d8cd98f00b204e9800998ecf8427e")]
    [TestCase("md5:d41d8cd98f00b204e9800998ecf8427e")]
    public void Anything_else_is_refused(string text)
    {
        Assert.That(NarHash.TryParse(text, out _), Is.False);
        Assert.That(() => NarHash.Parse(text), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Every_byte_counts([Range(0, 31)] int index)
    {
        byte[] bytes = new byte[NarHash.ByteLength];
        bytes[index] = 1;
        byte[] copy = new byte[NarHash.ByteLength + 1];
        NarHash hash = NarHash.FromBytes(bytes);
        hash.CopyTo(copy);

        Assert.That(hash, Is.Not.EqualTo(default(NarHash)));
        Assert.That(copy[..^1], Is.EqualTo(bytes));
    }

    [Test]
    public void Other_than_32_bytes_are_refused() => Assert.That(() => NarHash.FromBytes(new byte[31]), Throws.ArgumentException);
}
