using System.Text;
using FsCheck.Fluent;
using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class TomlReaderTests
{
    [TestCase("", "{}")]
    [TestCase("# only a comment", "{}")]
    [TestCase(" \t\r\n\n#\r\n", "{}")]
    [TestCase("# This is a full-line comment\nkey = \"value\"  # end of a line\nanother = \"# no comment\"", """{"another":"# no comment","key":"value"}""")]
    [TestCase("a = 1\r\nb = 2\r\n", """{"a":1,"b":2}""")]
    [TestCase("\uFEFFa = 1", """{"a":1}""")]
    [TestCase("# tab\t, é and 😀\na = 1", """{"a":1}""")]
    public void Document_is_read(string toml, string outline) =>
        Assert.That(TomlOutline.Of(TomlReader.Parse(Encoding.UTF8.GetBytes(toml), "test.toml")), Is.EqualTo(outline));

    [TestCase("a = 1\r", "1:6: expected the end of the line or a comment, but got the control character U+000D")]
    [TestCase("a = 1 # c\rb = 2", "1:10: expected a character that is allowed in a comment, but got the control character U+000D")]
    [TestCase("# \u0000", "1:3: expected a character that is allowed in a comment, but got the control character U+0000")]
    [TestCase("# \u007F", "1:3: expected a character that is allowed in a comment, but got the control character U+007F")]
    [TestCase("a = 1\n\fb = 2", "2:1: expected a key, but got the control character U+000C")]
    [TestCase("a = 1\n\uFEFFb = 2", "2:1: expected a key, but got '\uFEFF'")]
    [TestCase("a\u00A0= 1", "1:2: expected '.' or '=' after a key, but got '\u00A0'")]
    public void Character_outside_the_grammar_is_refused(string toml, string message) =>
        Assert.That(TomlFailure.Of(toml), Is.EqualTo(message));

    [TestCase("1:3: expected UTF-8, but got the byte 0xFF", (byte)'#', (byte)' ', (byte)0xFF)]
    [TestCase("2:2: expected UTF-8, but got the byte 0xC0", (byte)'#', (byte)'\n', (byte)'#', (byte)0xC0, (byte)0x80)]
    [TestCase("1:2: expected UTF-8, but got the byte 0xED", (byte)'#', (byte)0xED, (byte)0xA0, (byte)0x80)]
    [TestCase("1:3: expected UTF-8, but got the byte 0xC3", (byte)'#', (byte)0xC3, (byte)0xA9, (byte)0xC3)]
    [TestCase("1:1: expected UTF-8, but got the byte 0xFF", (byte)0xEF, (byte)0xBB, (byte)0xBF, (byte)0xFF)]
    public void Invalid_UTF8_is_refused(string message, params byte[] bytes) => Assert.That(TomlFailure.Of(bytes), Is.EqualTo(message));

    [Test]
    public void Lone_surrogate_is_refused() =>
        Assert.That(
            () => TomlReader.Parse("a = '😀\uD800'", "test.toml"),
            Throws.TypeOf<TomlException>().With.Message.EqualTo("test.toml:1:7: expected a Unicode character, but got the lone surrogate U+D800"));

    [Test]
    public void Columns_are_counted_in_scalar_values() =>
        Assert.That(TomlFailure.Of("\uFEFF\"😀é\u0301\" = '😀' x"), Is.EqualTo("1:13: expected the end of the line or a comment, but got 'x'"));

    [Test]
    public void Keys_and_values_know_their_place()
    {
        TomlTable root = TomlReader.Parse("# first\r\n a.b =  [ 1,\n  'x' ]\n[c]\n[[d]]\ne = {f = 2}", "test.toml");

        List<string> places = new();
        Collect(root, places);
        Assert.That(places, Is.EqualTo(new[]
        {
            "a 2:2 a table 2:2", "b 2:4 an array 2:9", "an integer 2:11", "a string 3:3", "c 4:2 a table 4:1",
            "d 5:3 an array 5:1", "a table 5:1", "e 6:1 a table 6:5", "f 6:6 an integer 6:10",
        }));
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public bool Any_text_gives_a_table_or_a_TomlException(string? text) => IsReadOrRefused(text ?? "");

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public bool Any_bytes_give_a_table_or_a_TomlException(byte[] bytes) => IsReadOrRefused(() => TomlReader.Parse(bytes, "test.toml"));

    [FsCheck.NUnit.Property(MaxTest = 5000)]
    public FsCheck.Property Any_text_of_TOMLs_own_characters_gives_a_table_or_a_TomlException() =>
        Prop.ForAll(
            Gen.Elements(
                "a", "b", "=", ".", ",", "[", "]", "[[", "]]", "{", "}", "\"", "\"\"\"", "'", "'''", "\\", "\n", "\r\n", "#", " ",
                "1", "0", "0x", "-", "+", "_", "e", "inf", "nan", "true", ":", "T", "Z", "1979-05-27", "07:32:00", "\\u00e9", "= 1\n")
                .ListOf().Select(string.Concat).ToArbitrary(),
            IsReadOrRefused);

    private static bool IsReadOrRefused(string text) => IsReadOrRefused(() => TomlReader.Parse(text, "test.toml"));

    private static bool IsReadOrRefused(Func<TomlTable> read)
    {
        try
        {
            TomlTable table = read();
            return TomlOutline.Of(TomlWriter.Write(table)) == TomlOutline.Of(table);
        }
        catch (TomlException exception)
        {
            return exception.Line >= 1 && exception.Column >= 1;
        }
    }

    private static void Collect(TomlTable table, List<string> places)
    {
        foreach (TomlEntry entry in table.Entries)
        {
            places.Add($"{entry.Key} {Place(entry.KeyPosition)} {Describe(entry.Value)}");
            if (entry.Value is TomlTable child)
            {
                Collect(child, places);
            }
            else if (entry.Value is TomlArray array)
            {
                foreach (TomlValue item in array.Items)
                {
                    places.Add(Describe(item));
                    if (item is TomlTable element)
                    {
                        Collect(element, places);
                    }
                }
            }
        }
    }

    private static string Describe(TomlValue value) => $"{value.Kind} {Place(value.Position)}";

    private static string Place(TomlPosition position) => $"{position.Line}:{position.Column}";
}
