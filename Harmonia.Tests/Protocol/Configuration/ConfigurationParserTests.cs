using FsCheck.Fluent;
using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class ConfigurationParserTests
{
    [TestCase("a = { b = { c = 7 } }")]
    [TestCase("a.b.c = 7")]
    [TestCase("a.b = { c = 7 }")]
    [TestCase("[a]\nb.c = 7")]
    [TestCase("[a.b]\nc = 7")]
    [TestCase("[ a . \"b\" ]\n'c' = 7 # comment")]
    [TestCase("[a.b]\nc = 7\n[d]\n[a]\n[a.e]")]
    [TestCase("a.x = 1\nd = 2\na.b.c = 7\na.b.e = 3")]
    [TestCase("a = { b = {\n  c = 7, # TOML 1.1\n},\n}")]
    [TestCase("a.b.c = 0x7")]
    public void Every_way_to_write_a_table_gives_the_same(string toml) =>
        Assert.That(ConfigurationFile.Parse(toml, "f.toml").Table("a").Table("b").Integer("c", 0, 10), Is.EqualTo(7));

    [TestCase("\"\\u00E9\\n\\\\\\\"\"", "é\n\\\"")]
    [TestCase("'C:\\new'", "C:\\new")]
    [TestCase("\"\"\"\nfirst\nsecond\"\"\"", "first\nsecond")]
    [TestCase("'''a'b'''", "a'b")]
    [TestCase("\"\\e\\x41\"", "\u001BA")]
    [TestCase("\"\"", "")]
    [TestCase("'\uFFFD\uFDD0' # \uFFFD", "\uFFFD\uFDD0")]
    [TestCase("\"\\uFFFD\uFDD1\uFFFD\"", "\uFFFD\uFDD1\uFFFD")]
    public void Strings_are_unescaped(string toml, string expected) =>
        Assert.That(ConfigurationFile.Parse($"a = {toml}", "f.toml").String("a"), Is.EqualTo(expected));

    [TestCase("-9223372036854775808", long.MinValue)]
    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("0x7FFFFFFFFFFFFFFF", long.MaxValue)]
    [TestCase("1_000", 1000)]
    [TestCase("+1", 1)]
    [TestCase("0o17", 15)]
    [TestCase("0b11", 3)]
    public void Integers_have_64_bits(string toml, long expected) =>
        Assert.That(ConfigurationFile.Parse($"a = {toml}", "f.toml").Integer("a", long.MinValue, long.MaxValue), Is.EqualTo(expected));

    [TestCase("a = 1\n\nb = 2\na = 3", "4:1: a: already defined in line 1")]
    [TestCase("a.b = 1\na.b = 2", "2:1: a.b: already defined in line 1")]
    [TestCase("a = 1\na.b = 2", "2:1: a: already defined in line 1")]
    [TestCase("[a]\nb = 1\n[a]\nc = 2", "3:1: a: already defined in line 1")]
    [TestCase("a = { b = 1 }\na.c = 2", "2:1: a: already defined in line 1")]
    [TestCase("a = { b = 1 }\n[a.c]\nd = 1", "2:2: a: already defined in line 1")]
    [TestCase("[a.x]\nk = 1\nz = 2\n[a]\nx.k = 2", "5:1: a.x: already defined in line 1")]
    [TestCase("a = [1]\n[[a]]", "2:1: a: already defined in line 1")]
    [TestCase("t = { a = 1, a = 2 }", "1:14: t.a: already defined in line 1")]
    [TestCase("\"a\\nb\" = 1\n\"a\\nb\" = 2", "2:1: a\uFFFDb: already defined in line 1")]
    public void Second_definition_is_refused(string toml, string message) => Assert.That(Failure(toml), Is.EqualTo($"f.toml:{message}"));

    [Test]
    public void All_second_definitions_are_reported_at_once() =>
        Assert.That(Failure("a = 1\na = 2\n[b]\n[b]").Split('\n'), Is.EqualTo(new[]
        {
            "f.toml:2:1: a: already defined in line 1", "f.toml:4:1: b: already defined in line 3",
        }));

    [TestCase("a = ", "[", "1:68")]
    [TestCase("a = ", "{a=", "1:194")]
    [TestCase("", "a.", "1:127")]
    [TestCase("[", "a.", "1:128")]
    [TestCase("[[", "a.", "1:129")]
    public void Nesting_of_a_hundred_thousand_is_refused(string before, string repeated, string position)
    {
        string toml = before + string.Concat(Enumerable.Repeat(repeated, 100_000));

        Assert.That(
            Failure(before.StartsWith('[') ? $"{toml}a{before.Replace('[', ']')}" : $"{toml}a = 1"),
            Is.EqualTo($"f.toml:{position}: expected at most 64 nested tables and arrays, but got more"));
    }

    [Test]
    public void Nesting_up_to_the_limit_is_read()
    {
        const int Arrays = ConfigurationParser.MaxDepth - 1;

        Assert.That(() => ConfigurationFile.Parse($"v = {new string('[', Arrays)}{new string(']', Arrays)}", "f.toml"), Throws.Nothing);
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public bool Any_text_is_read_or_refused_with_its_place(string? text) => IsReadOrRefused(text ?? "");

    [FsCheck.NUnit.Property(MaxTest = 5000)]
    public FsCheck.Property Any_text_of_the_characters_of_TOML_is_read_or_refused_with_its_place() =>
        Prop.ForAll(
            Gen.Elements(
                "a", "b", "=", ".", ",", "[", "]", "[[", "]]", "{", "}", "\"", "\"\"\"", "'", "'''", "\\", "\n", "\r", "\r\n", "#", " ",
                "1", "0", "0x", "-", "+", "_", "e", "inf", "nan", "true", ":", "T", "Z", "1979-05-27", "07:32:00", "\\u00e9", "\\x41",
                "= 1\n", "a = ", "\uD800", "\0", "😀")
                .ListOf().Select(string.Concat).ToArbitrary(),
            IsReadOrRefused);

    private static string Failure(string toml) => Assert.Throws<ConfigurationException>(() => ConfigurationFile.Parse(toml, "f.toml"))!.Message;

    private static bool IsReadOrRefused(string text)
    {
        try
        {
            ConfigurationFile.Parse(text, "f.toml");
            return true;
        }
        catch (ConfigurationException exception)
        {
            return exception.Errors.All(error => error.Position is { FileName: "f.toml", Line: >= 1, Column: >= 1 })
                && exception.Message.Split('\n').Length == exception.Errors.Count;
        }
    }
}
