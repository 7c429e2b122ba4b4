using System.Text;
using Harmonia.Cache.Http;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class PercentEncodingTests
{
    [TestCase("", "")]
    [TestCase("plain", "plain")]
    [TestCase("%41%6a%6A", "Ajj")]
    [TestCase("%2F%2f", "//")]
    [TestCase("%2541", "%41")]
    [TestCase("%C3%BC", "ü")]
    [TestCase("a+b", "a+b")]
    public void Each_escape_is_decoded_exactly_once(string encoded, string expected)
    {
        Assert.That(PercentEncoding.TryDecode(Encoding.UTF8.GetBytes(encoded), plusIsBlank: false, out string? decoded));
        Assert.That(decoded, Is.EqualTo(expected));
    }

    [Test]
    public void A_plus_sign_in_a_query_is_a_blank()
    {
        Assert.That(PercentEncoding.TryDecode("a+b%2B"u8, plusIsBlank: true, out string? decoded));
        Assert.That(decoded, Is.EqualTo("a b+"));
    }

    [TestCase("%")]
    [TestCase("%4")]
    [TestCase("%4g")]
    [TestCase("%-1")]
    [TestCase("%+1")]
    [TestCase("a%ff")]
    [TestCase("%C3")]
    [TestCase("%ED%A0%80")]
    [TestCase("ü")]
    public void Broken_escapes_and_bytes_that_are_not_UTF_8_are_refused(string encoded) =>
        Assert.That(PercentEncoding.TryDecode(Encoding.UTF8.GetBytes(encoded), plusIsBlank: false, out _), Is.False);

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool Whatever_was_encoded_comes_back(string? text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
        string encoded = string.Concat(bytes.Select(value => $"%{value:x2}"));
        return PercentEncoding.TryDecode(Encoding.UTF8.GetBytes(encoded), plusIsBlank: false, out string? decoded)
            && Encoding.UTF8.GetBytes(decoded).AsSpan().SequenceEqual(bytes);
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool Any_bytes_are_decoded_or_refused(byte[] bytes, bool plusIsBlank) =>
        PercentEncoding.TryDecode(bytes, plusIsBlank, out string? decoded) == decoded is not null;
}
