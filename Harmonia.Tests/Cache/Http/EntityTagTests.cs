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
