using Harmonia.Cache.Http;
using Microsoft.Extensions.Primitives;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class EntityTagTests
{
    private static readonly EntityTag Tag = EntityTag.Strong("abc");

    [TestCase("\"abc\"")]
    [TestCase("W/\"abc\"")]
    [TestCase("*")]
    [TestCase(" * ")]
    [TestCase("\"x\", \"abc\"")]
    [TestCase("\"a,b\" ,W/\"x\",,\t\"abc\", \"y\"")]
    public void If_none_match_compares_weakly_with_each_tag_of_the_list(string header) =>
        Assert.That(Tag.MatchesIfNoneMatch(header));

    [TestCase("")]
    [TestCase("abc")]
    [TestCase("\"ABC\"")]
    [TestCase("\"abcd\"")]
    [TestCase("\"abc")]
    [TestCase("\"x\" y \"abc\"")]
    [TestCase("w/\"abc\"")]
    public void If_none_match_with_other_tags_or_bad_grammar_does_not_match(string header) =>
        Assert.That(Tag.MatchesIfNoneMatch(header), Is.False);

    [Test]
    public void If_none_match_may_span_several_lines() =>
        Assert.That(Tag.MatchesIfNoneMatch(new StringValues(["\"x\"", "\"abc\""])));

    [TestCase("\"abc\"")]
    [TestCase("*")]
    [TestCase("W/\"abc\", \"x\",\"abc\"")]
    public void If_match_needs_the_same_strong_tag_in_the_list(string header) => Assert.That(Tag.MatchesIfMatch(header));

    [TestCase("W/\"abc\"")]
    [TestCase("\"abc-zstd\"")]
    [TestCase("abc")]
    public void If_match_with_anything_else_does_not_match(string header) => Assert.That(Tag.MatchesIfMatch(header), Is.False);

    [TestCase(ContentCoding.Identity, "\"abc\"")]
    [TestCase(ContentCoding.Zstd, "\"abc-zstd\"")]
    [TestCase(ContentCoding.Brotli, "\"abc-br\"")]
    [TestCase(ContentCoding.Gzip, "\"abc-gzip\"")]
    public void Each_coding_has_a_tag_of_its_own(ContentCoding coding, string expected) =>
        Assert.That(Tag.In(coding).Text, Is.EqualTo(expected));

    [Test]
    public void Bodies_that_differ_have_tags_that_differ() =>
        Assert.That(EntityTag.OfBody("a"u8), Is.Not.EqualTo(EntityTag.OfBody("b"u8)));

    [Test]
    public void If_range_needs_the_same_strong_tag() => Assert.That(Tag.MatchesIfRange("\"abc\""));

    [TestCase("W/\"abc\"")]
    [TestCase("*")]
    [TestCase("\"abc\", \"x\"")]
    [TestCase("Thu, 01 Jan 1970 00:00:01 GMT")]
    public void If_range_with_anything_else_does_not_match(string header) => Assert.That(Tag.MatchesIfRange(header), Is.False);

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool Any_text_is_compared_without_failure(string? header) =>
        !Tag.MatchesIfNoneMatch(header + "\u0001") || header!.Contains("\"abc\"", StringComparison.Ordinal);
}
