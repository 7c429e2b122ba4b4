using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class TomlStringParserTests
{
    // The examples of the specification's section on strings.
    [TestCase(
        """
        "I'm a string. \"You can quote me\". Name\tJos\u00E9\nLocation\tSF."
        """,
        "I'm a string. \"You can quote me\". Name\tJosé\nLocation\tSF.")]
    [TestCase("\"\"\"\nRoses are red\nViolets are blue\"\"\"", "Roses are red\nViolets are blue")]
    [TestCase("\"\"\"\r\nRoses are red\r\nViolets are blue\"\"\"", "Roses are red\nViolets are blue")]
    [TestCase(
        "\"\"\"\nThe quick brown \\\n\n\n  fox jumps over \\\n    the lazy dog.\"\"\"", "The quick brown fox jumps over the lazy dog.")]
    [TestCase(
        "\"\"\"\\\n       The quick brown \\\n       fox jumps over \\\n       the lazy dog.\\\n       \"\"\"",
        "The quick brown fox jumps over the lazy dog.")]
    [TestCase("\"\"\"Here are two quotation marks: \"\". Simple enough.\"\"\"", "Here are two quotation marks: \"\". Simple enough.")]
    [TestCase("\"\"\"Here are three quotation marks: \"\"\\\".\"\"\"", "Here are three quotation marks: \"\"\".")]
    [TestCase("\"\"\"fifteen: \"\"\\\"\"\"\\\"\"\"\\\"\"\"\\\"\"\"\\\".\"\"\"", "fifteen: \"\"\"\"\"\"\"\"\"\"\"\"\"\"\".")]
    [TestCase("\"\"\"\"This,\" she said, \"is just a pointless statement.\"\"\"\"", "\"This,\" she said, \"is just a pointless statement.\"")]
    [TestCase(@"'C:\Users\nodejs\templates'", @"C:\Users\nodejs\templates")]
    [TestCase(@"'\\ServerX\admin$\system32\'", @"\\ServerX\admin$\system32\")]
    [TestCase("'Tom \"Dubs\" Preston-Werner'", "Tom \"Dubs\" Preston-Werner")]
    [TestCase(@"'<\i\c*\s*>'", @"<\i\c*\s*>")]
    [TestCase(@"'''I [dw]on't need \d{2} apples'''", @"I [dw]on't need \d{2} apples")]
    [TestCase(
        "'''\nThe first newline is\ntrimmed in raw strings.\n   All other whitespace\n   is preserved.\n'''",
        "The first newline is\ntrimmed in raw strings.\n   All other whitespace\n   is preserved.\n")]
    [TestCase("'''Here are fifteen quotation marks: \"\"\"\"\"\"\"\"\"\"\"\"\"\"\"'''", "Here are fifteen quotation marks: \"\"\"\"\"\"\"\"\"\"\"\"\"\"\"")]
    [TestCase("''''That,' she said, 'is still pointless.''''", "'That,' she said, 'is still pointless.'")]
    public void String_of_the_specification_is_read(string toml, string text) => Assert.That(Read(toml), Is.EqualTo(text));

    [TestCase("\"\"", "")]
    [TestCase("''", "")]
    [TestCase("\"\"\"\"\"\"", "")]
    [TestCase("''''''", "")]
    [TestCase("\"\"\"\"\"\"\"\"", "\"\"")]
    [TestCase("'''a'''''", "a''")]
    [TestCase("\"\\b\\t\\n\\f\\r\\\"\\\\\"", "\b\t\n\f\r\"\\")]
    [TestCase("\"\\U0001F600\\uD7FF\\uE000\\U0010FFFF\\u0000\"", "\U0001F600\uD7FF\uE000\U0010FFFF\0")]
    [TestCase("\"tab\there 😀 é\"", "tab\there 😀 é")]
    [TestCase("\"\"\"a\\  \t \n  b\\\r\n\r\nc\"\"\"", "abc")]
    [TestCase("\"\"\"\n\na\"\"\"", "\na")]
    [TestCase("'''\\\n'''", "\\\n")]
    public void String_is_read(string toml, string text) => Assert.That(Read(toml), Is.EqualTo(text));

    [TestCase("\"\\a\"", "1:7: expected one of b t n f r \" \\ u U after a backslash, but got 'a'")]
    [TestCase("\"\\e\"", "1:7: expected one of b t n f r \" \\ u U after a backslash, but got 'e'")]
    [TestCase("\"\\x41\"", "1:7: expected one of b t n f r \" \\ u U after a backslash, but got 'x'")]
    [TestCase("\"\"\"\\ a\"\"\"", "1:9: expected one of b t n f r \" \\ u U after a backslash, but got ' '")]
    [TestCase("\"\\u00G9\"", "1:10: expected 4 hexadecimal digits, but got 'G'")]
    [TestCase("\"\\U1234\"", "1:12: expected 8 hexadecimal digits, but got '\"'")]
    [TestCase("\"\\uD800\"", "1:8: expected a Unicode scalar value, but got U+D800")]
    [TestCase("\"\\U00110000\"", "1:8: expected a Unicode scalar value, but got U+110000")]
    [TestCase("\"\\UFFFFFFFF\"", "1:8: expected a Unicode scalar value, but got U+FFFFFFFF")]
    [TestCase("\"open", "1:10: expected the closing \" of a string, but got the end of the file")]
    [TestCase("\"open\\", "1:11: expected one of b t n f r \" \\ u U after a backslash, but got the end of the file")]
    [TestCase("\"two\nlines\"", "1:9: expected the closing \" of a string, but got the end of the line")]
    [TestCase("'two\r\nlines'", "1:9: expected the closing ' of a string, but got the end of the line")]
    [TestCase("'''open\n''", "2:3: expected the closing ''' of a string, but got the end of the file")]
    [TestCase("\"\"\"three: \"\"\".\"\"\"", "1:18: expected the end of the line or a comment, but got '.'")]
    [TestCase("'''Here are fifteen apostrophes: ''''''''''''''''''", "1:43: expected the end of the line or a comment, but got '''")]
    [TestCase("\"\u0000\"", "1:6: expected a character that is allowed in a string, but got the control character U+0000")]
    [TestCase("\"\u001F\"", "1:6: expected a character that is allowed in a string, but got the control character U+001F")]
    [TestCase("'\u007F'", "1:6: expected a character that is allowed in a string, but got the control character U+007F")]
    [TestCase("\"\"\"\u000B\"\"\"", "1:8: expected a character that is allowed in a string, but got the control character U+000B")]
    [TestCase("'''a\rb'''", "1:9: expected a character that is allowed in a string, but got the control character U+000D")]
    public void Malformed_string_is_refused(string toml, string message) =>
        Assert.That(TomlFailure.Of("s = " + toml), Is.EqualTo(message));

    private static string Read(string toml) =>
        TomlReader.Parse("s = " + toml, "test.toml").Find("s")?.Value is TomlString text ? text.Value : "no string";
}
