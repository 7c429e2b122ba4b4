using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class TomlDefinitionsTests
{
    [TestCase("[table]", """{"table":{}}""")]
    [TestCase("[table-1]\nkey1 = 1\n\n[table-2]\nkey1 = 2", """{"table-1":{"key1":1},"table-2":{"key1":2}}""")]
    [TestCase("[dog.\"tater.man\"]\ntype.name = \"pug\"", """{"dog":{"tater.man":{"type":{"name":"pug"}}}}""")]
    [TestCase("[a.b.c]\n[ d.e.f ]\n[ g .  h  . i ]\n[ j . \"ʞ\" . 'l' ]", """{"a":{"b":{"c":{}}},"d":{"e":{"f":{}}},"g":{"h":{"i":{}}},"j":{"ʞ":{"l":{}}}}""")]
    [TestCase("[x.y.z.w]\n[x]", """{"x":{"y":{"z":{"w":{}}}}}""")]
    [TestCase("[fruit.apple]\n[animal]\n[fruit.orange]", """{"animal":{},"fruit":{"apple":{},"orange":{}}}""")]
    [TestCase("name = 1\n[owner]\nname = 2", """{"name":1,"owner":{"name":2}}""")]
    [TestCase("fruit.apple.smooth = true\nfruit.orange = 2", """{"fruit":{"apple":{"smooth":true},"orange":2}}""")]
    [TestCase("apple.type = 1\norange.type = 2\napple.skin = 3", """{"apple":{"skin":3,"type":1},"orange":{"type":2}}""")]
    [TestCase("fruit.apple.color = 1\nfruit.apple.taste.sweet = true", """{"fruit":{"apple":{"color":1,"taste":{"sweet":true}}}}""")]
    [TestCase(
        "[fruit]\napple.color = 1\napple.taste.sweet = true\n[fruit.apple.texture]\nsmooth = true",
        """{"fruit":{"apple":{"color":1,"taste":{"sweet":true},"texture":{"smooth":true}}}}""")]
    [TestCase("[a.b.c]\n[a]\nb.d = 1", """{"a":{"b":{"c":{},"d":1}}}""")]
    [TestCase(
        "[[products]]\nname = \"Hammer\"\n\n[[products]]\n\n[[products]]\nname = \"Nail\"\n\ncolor = \"gray\"",
        """{"products":[{"name":"Hammer"},{},{"color":"gray","name":"Nail"}]}""")]
    [TestCase(
        """
        [[fruits]]
        name = "apple"

        [fruits.physical]  # subtable
        color = "red"
        shape = "round"

        [[fruits.varieties]]  # nested array of tables
        name = "red delicious"

        [[fruits.varieties]]
        name = "granny smith"


        [[fruits]]
        name = "banana"

        [[fruits.varieties]]
        name = "plantain"
        """,
        """{"fruits":[{"name":"apple","physical":{"color":"red","shape":"round"},"varieties":[{"name":"red delicious"},{"name":"granny smith"}]},{"name":"banana","varieties":[{"name":"plantain"}]}]}""")]
    [TestCase("[[a.b]]\n[a]\nc = 1", """{"a":{"b":[{}],"c":1}}""")]
    [TestCase("[[ a . b ]]", """{"a":{"b":[{}]}}""")]
    public void Document_is_read(string toml, string outline) => Assert.That(TomlOutline.Of(toml), Is.EqualTo(outline));

    [TestCase("name = 1\nname = 2", "2:1: expected a new key, but 'name' is already defined as an integer in line 1")]
    [TestCase("spelling = 1\n\"spelling\" = 2", "2:1: expected a new key, but 'spelling' is already defined as an integer in line 1")]
    [TestCase("fruit.apple = 1\nfruit.apple.smooth = true", "2:7: expected a table that dotted keys may add to, but 'fruit.apple' is already defined as an integer in line 1")]
    [TestCase("[fruit]\napple = 1\n\n[fruit]\norange = 2", "4:2: expected a new table, but 'fruit' is already defined as a table in line 1")]
    [TestCase("[fruit]\napple = 1\n[fruit.apple]\ntexture = 2", "3:8: expected a new table, but 'fruit.apple' is already defined as an integer in line 2")]
    [TestCase("[fruit]\napple = 1\n[fruit.apple.x]", "3:8: expected a table that may be added to, but 'fruit.apple' is already defined as an integer in line 2")]
    [TestCase("[fruit]\napple.color = 1\n[fruit.apple]", "3:8: expected a new table, but 'fruit.apple' is already defined as a table in line 2")]
    [TestCase("[fruit]\napple.taste.sweet = 1\n[fruit.apple.taste]", "3:14: expected a new table, but 'fruit.apple.taste' is already defined as a table in line 2")]
    [TestCase("[a.b.c]\nz = 9\n[a]\nb.c.t = 1", "4:3: expected a table that dotted keys may add to, but 'b.c' is already defined as a table in line 1")]
    [TestCase("[a.b.c]\n[a]\nb.d = 1\n[a.b]", "4:4: expected a new table, but 'a.b' is already defined as a table in line 1")]
    [TestCase("[product]\ntype = { name = \"Nail\" }\ntype.edible = false", "3:1: expected a table that dotted keys may add to, but 'type' is already defined as a table in line 2")]
    [TestCase("[product]\ntype.name = \"Nail\"\ntype = { edible = false }", "3:1: expected a new key, but 'type' is already defined as a table in line 2")]
    [TestCase("t = { a.b = 1 }\n[t.a.c]", "2:2: expected a table that may be added to, but 't' is already defined as a table in line 1")]
    [TestCase("t = { a = {}, a.b = 1 }", "1:15: expected a table that dotted keys may add to, but 'a' is already defined as a table in line 1")]
    [TestCase("t = { a = 1, a = 2 }", "1:14: expected a new key, but 'a' is already defined as an integer in line 1")]
    [TestCase("[fruit.physical]\ncolor = 1\n[[fruit]]", "3:3: expected an array of tables, but 'fruit' is already defined as a table in line 1")]
    [TestCase("fruits = []\n\n[[fruits]]", "3:3: expected an array of tables, but 'fruits' is already defined as an array in line 1")]
    [TestCase("a = [{}]\n[a.b]", "2:2: expected a table that may be added to, but 'a' is already defined as an array in line 1")]
    [TestCase("[[fruits]]\n[[fruits.varieties]]\n[fruits.varieties]", "3:9: expected a new table, but 'fruits.varieties' is already defined as an array in line 2")]
    [TestCase("[[fruits]]\n[fruits.physical]\n[[fruits.physical]]", "3:10: expected an array of tables, but 'fruits.physical' is already defined as a table in line 2")]
    [TestCase("[[a.b]]\n[a]\nb.c = 1", "3:1: expected a table that dotted keys may add to, but 'b' is already defined as an array in line 1")]
    [TestCase("[a]\n[\"a.b\"]\n['a.b']", "3:2: expected a new table, but '\"a.b\"' is already defined as a table in line 2")]
    public void Second_definition_is_refused(string toml, string message) => Assert.That(TomlFailure.Of(toml), Is.EqualTo(message));

    [TestCase("[]", "1:2: expected a key, but got ']'")]
    [TestCase("[a.]", "1:4: expected a key, but got ']'")]
    [TestCase("[a..b]", "1:4: expected a key, but got '.'")]
    [TestCase("[a", "1:3: expected '.' or ']' after a table's name, but got the end of the file")]
    [TestCase("[a\n]", "1:3: expected '.' or ']' after a table's name, but got the end of the line")]
    [TestCase("[a b]", "1:4: expected '.' or ']' after a table's name, but got 'b'")]
    [TestCase("[a] b = 1", "1:5: expected the end of the line or a comment, but got 'b'")]
    [TestCase("[[a]", "1:5: expected ']]' after the name of an array of tables, but got the end of the file")]
    [TestCase("[[a] ]", "1:5: expected ']]' after the name of an array of tables, but got ' '")]
    [TestCase("[ [a]]", "1:3: expected a key, but got '['")]
    public void Malformed_header_is_refused(string toml, string message) => Assert.That(TomlFailure.Of(toml), Is.EqualTo(message));
}
