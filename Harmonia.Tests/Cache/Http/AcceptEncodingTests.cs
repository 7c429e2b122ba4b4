using Harmonia.Cache.Http;
using Microsoft.Extensions.Primitives;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class AcceptEncodingTests
{
    [TestCase("zstd", ContentCoding.Zstd)]
    [TestCase("br", ContentCoding.Brotli)]
    [TestCase("gzip", ContentCoding.Gzip)]
    [TestCase("x-gzip", ContentCoding.Gzip)]
    [TestCase("ZsTd", ContentCoding.Zstd)]
    [TestCase("*", ContentCoding.Zstd)]
    [TestCase("gzip, deflate, br, zstd", ContentCoding.Zstd)]
    [TestCase("gzip, deflate, br", ContentCoding.Brotli)]
    [TestCase("zstd;q=0.5, gzip;q=0.501, br;q=0.5", ContentCoding.Gzip)]
    [TestCase("zstd ; q=0.5 ,\tbr", ContentCoding.Brotli)]
    [TestCase("zstd;q=0, br;q=0.001", ContentCoding.Brotli)]
    [TestCase("zstd;q=0, *", ContentCoding.Brotli)]
    [TestCase("*;q=0.5, gzip", ContentCoding.Gzip)]
    [TestCase("*;q=0, gzip", ContentCoding.Gzip)]
    [TestCase("identity, gzip", ContentCoding.Gzip)]
    [TestCase("identity;q=0.5, gzip;q=0.5", ContentCoding.Gzip)]
    [TestCase("gzip;q=1.000", ContentCoding.Gzip)]
    [TestCase("gzip;Q=1.", ContentCoding.Gzip)]
    public void The_coding_with_the_highest_weight_is_taken(string header, ContentCoding expected) =>
        Assert.That(Choose(header), Is.EqualTo(expected));

    [TestCase("zstd, x-bzip2", ContentCoding.Bzip2)]
    [TestCase("zstd, bzip2;q=0.9", ContentCoding.Zstd)]
    [TestCase("*", ContentCoding.Zstd)]
    public void What_is_there_already_goes_before_its_equals(string header, ContentCoding expected) =>
        Assert.That(AcceptEncoding.Parse(header).Choose(ContentCodings.All | ContentCoding.Bzip2), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase(" , ,, ")]
    [TestCase("deflate, compress")]
    [TestCase("identity")]
    [TestCase("identity, zstd;q=0.999")]
    [TestCase("*;q=0")]
    [TestCase("identity;q=0")]
    [TestCase("zstd;q=0, br;q=0.000, gzip;q=0.")]
    public void A_client_that_takes_nothing_of_ours_gets_the_bytes_as_they_are(string header) =>
        Assert.That(Choose(header), Is.EqualTo(ContentCoding.Identity));

    [Test]
    public void Without_the_header_nothing_is_compressed() =>
        Assert.That(AcceptEncoding.Parse(StringValues.Empty).Choose(ContentCodings.All), Is.EqualTo(ContentCoding.Identity));

    [TestCase("zstd;q=2")]
    [TestCase("zstd;q=1.001")]
    [TestCase("zstd;q=0.1234")]
    [TestCase("zstd;q=.5")]
    [TestCase("zstd;q=-1")]
    [TestCase("zstd;q=")]
    [TestCase("zstd;q = 1")]
    [TestCase("zstd;level=1")]
    [TestCase("zstd;q=0.5;x=y")]
    [TestCase("zstd;")]
    [TestCase("zst d")]
    [TestCase("zstd;q=0,5")]
    public void An_element_that_breaks_the_grammar_is_passed_over(string element) =>
        Assert.That(Choose($"{element}, gzip;q=0.001"), Is.EqualTo(ContentCoding.Gzip));

    [Test]
    public void Only_what_is_offered_is_chosen()
    {
        AcceptEncoding accepted = AcceptEncoding.Parse("zstd, br;q=0.9, gzip;q=0.8");

        Assert.That(accepted.Choose(ContentCoding.Brotli | ContentCoding.Gzip), Is.EqualTo(ContentCoding.Brotli));
        Assert.That(accepted.Choose(ContentCoding.Gzip), Is.EqualTo(ContentCoding.Gzip));
        Assert.That(accepted.Choose(ContentCoding.Identity), Is.EqualTo(ContentCoding.Identity));
    }

    [Test]
    public void The_header_may_span_several_lines() =>
        Assert.That(Choose(new StringValues(["gzip", "zstd;q=0.5", "br;q=0.7"])), Is.EqualTo(ContentCoding.Gzip));

    [TestCase("", true)]
    [TestCase("zstd", true)]
    [TestCase("*", true)]
    [TestCase("*;q=0, identity;q=0.1", true)]
    [TestCase("*;q=0", false)]
    [TestCase("identity;q=0", false)]
    [TestCase("*, identity;q=0", false)]
    public void Identity_is_acceptable_unless_it_is_refused(string header, bool expected) =>
        Assert.That(AcceptEncoding.Parse(header).AcceptsIdentity, Is.EqualTo(expected));

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public bool Any_text_is_read_without_failure(string? header) =>
        (Choose(header) & ~ContentCodings.All) == ContentCoding.Identity;

    // Random text hardly ever contains a coding.
    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public bool Any_mix_of_the_pieces_of_the_grammar_is_read_without_failure(byte[] choices)
    {
        string[] pieces = ["zstd", "br", "gzip", "identity", "*", ";", "q=", "0", "1", ".", ",", " ", "\t", "é"];
        string header = string.Concat(choices.Select(choice => pieces[choice % pieces.Length]));
        return (Choose(header) & ~ContentCodings.All) == ContentCoding.Identity;
    }

    private static ContentCoding Choose(StringValues header) => AcceptEncoding.Parse(header).Choose(ContentCodings.All);
}
