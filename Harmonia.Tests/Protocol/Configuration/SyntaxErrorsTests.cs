using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class SyntaxErrorsTests
{
    private const string Value = "expected a value (text needs quotes; true, false, inf and nan are lower-case), but got";

    [TestCase("bind = localhost:5000", $"1:8: {Value} 'localhost'")]
    [TestCase("bind = [::]:5000", $"1:9: {Value} ':'")]
    [TestCase("a = True", $"1:5: {Value} 'True'")]
    [TestCase("bind = \"x\"\npriority == 3", $"2:11: {Value} '='")]
    [TestCase("a = .5", $"1:5: {Value} '.'")]
    [TestCase("a = \nb = 1", "1:5: expected a value, but got the end of the line")]
    [TestCase("a =", "1:4: expected a value, but got the end of the file")]
    [TestCase("a = [1,,2]", "1:8: expected a value, but got ','")]
    [TestCase("a = { b = }", "1:11: expected a value, but got '}'")]
    public void Missing_or_wrong_value(string toml, string message) => AssertFailure(toml, message);

    [TestCase("a = 1 2", "1:7: expected the end of the line after a value, but got '2'")]
    [TestCase("a = 1\rb = 2", "1:6: expected LF or CRLF at the end of a line, but got CR alone")]
    [TestCase("a = 'it's'", "1:9: expected the end of the line after a value, but got 's'")]
    [TestCase("[a] b = 1", "1:5: expected the end of the line after a table header, but got 'b'")]
    [TestCase("\"😀é\u0301\" = '😀' x", "1:13: expected the end of the line after a value, but got 'x'")]
    public void Text_after_the_end(string toml, string message) => AssertFailure(toml, message);

    [TestCase("a b = 1", "1:3: expected '.' or '=' after a key, but got 'b'")]
    [TestCase("a\nb = 1", "1:2: expected '.' or '=' after a key, but got the end of the line")]
    [TestCase("a: 1", "1:2: expected '.' or '=' after a key, but got ':'")]
    [TestCase("= 1", "1:1: expected a key or a table header, but got '='")]
    [TestCase("été = 1", "1:1: expected a key or a table header, but got 'é'")]
    [TestCase("a = 1\n\fb = 2", "2:1: expected a key or a table header, but got the control character U+000C")]
    [TestCase("a. = 1", "1:4: expected a key, but got '='")]
    [TestCase("[]", "1:2: expected a key, but got ']'")]
    [TestCase("[zstd\nlevel = 1", "1:6: expected '.' or ']' after a table's name, but got the end of the line")]
    [TestCase("[[zstd]\nlevel = 1", "1:7: expected '.' or ']]' after the name of an array of tables, but got ']'")]
    public void Wrong_key_or_header(string toml, string message) => AssertFailure(toml, message);

    [TestCase("a = [1 2]", "1:8: expected ',' or ']' after an array's item, but got '2'")]
    [TestCase("a = [1,", "1:8: expected ',' or ']' after an array's item, but got the end of the file")]
    [TestCase("a = [\"b\",\nc = 1", $"2:1: {Value} 'c'")]
    [TestCase("a = { b = 1 c = 2 }", "1:13: expected ',' or '}' after a value of an inline table, but got 'c'")]
    [TestCase("a = { b = 1", "1:12: expected ',' or '}' after a value of an inline table, but got the end of the file")]
    [TestCase("a = { , }", "1:7: expected a key or '}' in an inline table, but got ','")]
    public void Wrong_array_or_inline_table(string toml, string message) => AssertFailure(toml, message);

    [TestCase("a = \"abc", "1:8: expected the closing quote of a string, but got the end of the file")]
    [TestCase("a = \"😀\\", "1:8: expected the closing quote of a string, but got the end of the file")]
    [TestCase("\na = \"\\u12", "2:10: expected the closing quote of a string, but got the end of the file")]
    [TestCase("a = 'abc\nb = 1", "1:9: expected the closing quote of a string, but got the end of the line")]
    [TestCase("a = '''abc\n", "1:11: expected the closing quote of a string, but got the end of the file")]
    [TestCase("a = \"C:\\new\\qt\"", "1:13: expected one of b t n f r e \" \\ x u U after a backslash, but got 'q'")]
    [TestCase("a = \"\\uD800\"", "1:7: Invalid Unicode scalar value [D800]")]
    [TestCase("a = \"b\0\"", "1:5: expected a string without control characters; write them like \\u001B")]
    [TestCase("# \0", "1:3: Invalid control character U+0000 in comment")]
    public void Wrong_string(string toml, string message) => AssertFailure(toml, message);

    [TestCase("a = 9223372036854775808", "1:5: expected an integer from -2^63 to 2^63-1, but got '9223372036854775808'")]
    [TestCase("a = -9223372036854775809", "1:5: expected an integer from -2^63 to 2^63-1, but got '-9223372036854775809'")]
    [TestCase("a = 0xFFFFFFFFFFFFFFFF", "1:5: expected an integer from -2^63 to 2^63-1, but got '0xFFFFFFFFFFFFFFFF'")]
    [TestCase("a = 1979-02-30", "1:5: expected a date or time that exists, but got '1979-02-30'")]
    [TestCase("a = 25:00:00", "1:5: expected a date or time that exists, but got '25:00:00'")]
    public void Wrong_number_or_date(string toml, string message) => AssertFailure(toml, message);

    private static void AssertFailure(string toml, string message) => Assert.That(
        () => ConfigurationFile.Parse(toml, "f.toml"), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo($"f.toml:{message}"));
}
