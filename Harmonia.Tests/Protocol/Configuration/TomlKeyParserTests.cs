using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class TomlKeyParserTests
{
    [TestCase("key = \"value\"", """{"key":"value"}""")]
    [TestCase("bare_key = 1\nbare-key = 2\n1234 = 3", """{"1234":3,"bare-key":2,"bare_key":1}""")]
    [TestCase("\"127.0.0.1\" = 1\n\"character encoding\" = 2", """{"127.0.0.1":1,"character encoding":2}""")]
    [TestCase("\"ʎǝʞ\" = 1\n'key2' = 2\n'quoted \"value\"' = 3", """{"key2":2,"quoted \"value\"":3,"ʎǝʞ":1}""")]
    [TestCase("\"\" = 'blank'", """{"":"blank"}""")]
    [TestCase("'' = 'blank'", """{"":"blank"}""")]
    [TestCase("\"a\\u0062\\t\" = 1", """{"ab\t":1}""")]
    [TestCase("physical.color = 'orange'\nphysical.shape = 'round'", """{"physical":{"color":"orange","shape":"round"}}""")]
    [TestCase("site.\"google.com\" = true", """{"site":{"google.com":true}}""")]
    [TestCase("fruit.name = 1\nfruit. color = 2\nfruit . flavor\t=\t3", """{"fruit":{"color":2,"flavor":3,"name":1}}""")]
    [TestCase("3.14159 = \"pi\"", """{"3":{"14159":"pi"}}""")]
    [TestCase("  indented = 1 \t# comment", """{"indented":1}""")]
    [TestCase("true = 1\ninf = 2\n- = 3\n_ = 4", """{"-":3,"_":4,"inf":2,"true":1}""")]
    public void Key_is_read(string toml, string outline) => Assert.That(TomlOutline.Of(toml), Is.EqualTo(outline));

    [TestCase("= \"no key name\"", "1:1: expected a key, but got '='")]
    [TestCase("a. = 1", "1:4: expected a key, but got '='")]
    [TestCase(".a = 1", "1:1: expected a key, but got '.'")]
    [TestCase("a..b = 1", "1:3: expected a key, but got '.'")]
    [TestCase("ʎǝʞ = 1", "1:1: expected a key, but got 'ʎ'")]
    [TestCase("a b = 1", "1:3: expected '.' or '=' after a key, but got 'b'")]
    [TestCase("key", "1:4: expected '.' or '=' after a key, but got the end of the file")]
    [TestCase("key\n= 1", "1:4: expected '.' or '=' after a key, but got the end of the line")]
    [TestCase("key: 1", "1:4: expected '.' or '=' after a key, but got ':'")]
    [TestCase("\"\"\"key\"\"\" = 1", "1:1: expected a key, which cannot be a multi-line string, but got '\"'")]
    [TestCase("'''key''' = 1", "1:1: expected a key, which cannot be a multi-line string, but got '''")]
    [TestCase("\"key = 1", "1:9: expected the closing \" of a string, but got the end of the file")]
    public void Malformed_key_is_refused(string toml, string message) => Assert.That(TomlFailure.Of(toml), Is.EqualTo(message));
}
