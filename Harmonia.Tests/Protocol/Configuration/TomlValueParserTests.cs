using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class TomlValueParserTests
{
    [TestCase("[ 1, 2, 3 ]", "[1,2,3]")]
    [TestCase("[ \"red\", \"yellow\", \"green\" ]", """["red","yellow","green"]""")]
    [TestCase("[ [ 1, 2 ], [3, 4, 5] ]", "[[1,2],[3,4,5]]")]
    [TestCase("[ [ 1, 2 ], [\"a\", \"b\", \"c\"] ]", """[[1,2],["a","b","c"]]""")]
    [TestCase("[ \"all\", 'strings', \"\"\"are the same\"\"\", '''type''' ]", """["all","strings","are the same","type"]""")]
    [TestCase("[ 0.1, 0.2, 0.5, 1, 2, 5 ]", "[float 0.1,float 0.2,float 0.5,1,2,5]")]
    [TestCase("[\n \"Foo\",\n { name = \"Baz Qux\", email = \"b@q\" }\n]", """["Foo",{"email":"b@q","name":"Baz Qux"}]""")]
    [TestCase("[\n  1, 2, 3\n]", "[1,2,3]")]
    [TestCase("[\r\n  1,\r\n  2, # this is ok\r\n]", "[1,2]")]
    [TestCase("[ # a\n\n # b\n 1 # c\n , # d\n 2 ] # e", "[1,2]")]
    [TestCase("[]", "[]")]
    [TestCase("[\n#\n]", "[]")]
    [TestCase("[true,false]", "[true,false]")]
    [TestCase("{ first = \"Tom\", last = \"Preston-Werner\" }", """{"first":"Tom","last":"Preston-Werner"}""")]
    [TestCase("{x=1,y=2}", """{"x":1,"y":2}""")]
    [TestCase("{ type.name = \"pug\" }", """{"type":{"name":"pug"}}""")]
    [TestCase("{ a.b = 1, a.c.d = 2 }", """{"a":{"b":1,"c":{"d":2}}}""")]
    [TestCase("{ }", "{}")]
    [TestCase("{ a = [\n1,\n2\n], b = '''\n''' }", """{"a":[1,2],"b":""}""")]
    [TestCase(
        "[ { x = 1, y = 2, z = 3 },\n  { x = 7, y = 8, z = 9 } ]", """[{"x":1,"y":2,"z":3},{"x":7,"y":8,"z":9}]""")]
    public void Array_or_inline_table_is_read(string toml, string outline) =>
        Assert.That(TomlOutline.Of("v = " + toml), Is.EqualTo($$"""{"v":{{outline}}}"""));

    [TestCase("# INVALID", "1:5: expected a value, but got '#'")]
    [TestCase("", "1:5: expected a value, but got the end of the file")]
    [TestCase("\n1", "1:5: expected a value, but got the end of the line")]
    [TestCase("1 w = 2", "1:7: expected the end of the line or a comment, but got 'w'")]
    [TestCase("\"Tom\" last = \"Preston-Werner\"", "1:11: expected the end of the line or a comment, but got 'l'")]
    [TestCase("[1 2]", "1:8: expected ',' or ']' after an array's item, but got '2'")]
    [TestCase("[1,,2]", "1:8: expected a value, but got ','")]
    [TestCase("[,1]", "1:6: expected a value, but got ','")]
    [TestCase("[1,\n2", "2:2: expected ',' or ']' after an array's item, but got the end of the file")]
    [TestCase("[1, 2}", "1:10: expected ',' or ']' after an array's item, but got '}'")]
    [TestCase("{ a = 1, }", "1:14: expected a key, but got '}'")]
    [TestCase("{ , }", "1:7: expected a key, but got ','")]
    [TestCase("{\n a = 1 }", "1:6: expected a key, but got the end of the line")]
    [TestCase("{ a = 1\n}", "1:12: expected ',' or '}' on the same line after a value of an inline table, but got the end of the line")]
    [TestCase("{ a = 1,\n b = 2 }", "1:13: expected a key, but got the end of the line")]
    [TestCase("{ a = 1 # comment", "1:13: expected ',' or '}' on the same line after a value of an inline table, but got '#'")]
    [TestCase("{ a = 1 b = 2 }", "1:13: expected ',' or '}' on the same line after a value of an inline table, but got 'b'")]
    public void Malformed_value_is_refused(string toml, string message) =>
        Assert.That(TomlFailure.Of("v = " + toml), Is.EqualTo(message));

    [TestCase("[")]
    [TestCase("{a=")]
    [TestCase("[{a.b=")]
    public void Nesting_of_ten_thousand_is_refused(string opening) =>
        Assert.That(
            TomlFailure.Of("v = " + string.Concat(Enumerable.Repeat(opening, 10_000))),
            Does.Contain("expected no more than 128 tables and arrays in each other"));

    [TestCase("", " = 1")]
    [TestCase("[", "]")]
    [TestCase("[[", "]]")]
    public void Dotted_key_of_ten_thousand_parts_is_refused(string before, string after) =>
        Assert.That(
            TomlFailure.Of(before + string.Join('.', Enumerable.Repeat("a", 10_000)) + after),
            Is.EqualTo($"1:{before.Length + 257}: expected no more than 128 tables and arrays in each other, but got 'a'"));

    [Test]
    public void Nesting_up_to_the_limit_is_read_and_written()
    {
        const int Arrays = TomlReader.MaxDepth - 1;
        string toml = $"v = {new string('[', Arrays)}{new string(']', Arrays)}\n";

        Assert.That(TomlWriter.Write(TomlReader.Parse(toml, "test.toml")), Is.EqualTo(toml));
    }
}
