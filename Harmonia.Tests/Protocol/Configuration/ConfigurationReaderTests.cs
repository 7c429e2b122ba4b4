using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class ConfigurationReaderTests
{
    [Test]
    public void Every_type_is_read()
    {
        ConfigurationReader reader = Reader(
            """
            bind = "[::]:5000"
            workers = 4
            compress = false
            level = "best"
            socket_path = "/run/socket"
            features = ["a", "b"]
            keys = ["/k1", "/k2"]
            memory = "32 MiB"
            room = 4096
            [zstd]
            window_log = 0
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reader.String("bind"), Is.EqualTo("[::]:5000"));
            Assert.That(reader.Integer("workers", 1, 64), Is.EqualTo(4));
            Assert.That(reader.Boolean("compress"), Is.False);
            Assert.That(reader.Choice("level", "fast", "best"), Is.EqualTo("best"));
            Assert.That(reader.Path("socket_path"), Is.EqualTo("/run/socket"));
            Assert.That(reader.StringList("features"), Is.EqualTo(new[] { "a", "b" }));
            Assert.That(reader.PathList("keys"), Is.EqualTo(new[] { "/k1", "/k2" }));
            Assert.That(reader.Bytes("memory", 1L << 40), Is.EqualTo(32 << 20));
            Assert.That(reader.Bytes("room", 4096), Is.EqualTo(4096));
            Assert.That(reader.Table("zstd").Integer("window_log", 0, 31), Is.Zero);
            Assert.That(reader.Finish, Throws.Nothing);
            Assert.That(reader.Warnings, Is.Empty);
        }
    }

    [Test]
    public void Absent_keys_are_null()
    {
        ConfigurationReader reader = new();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reader.String("a"), Is.Null);
            Assert.That(reader.Integer("b", 0, 1), Is.Null);
            Assert.That(reader.Boolean("c"), Is.Null);
            Assert.That(reader.Choice("d", "x"), Is.Null);
            Assert.That(reader.Path("e"), Is.Null);
            Assert.That(reader.StringList("f"), Is.Null);
            Assert.That(reader.PathList("g"), Is.Null);
            Assert.That(reader.Bytes("k", 1), Is.Null);
            Assert.That(reader.Table("h").Table("i").String("j"), Is.Null);
            Assert.That(reader.Finish, Throws.Nothing);
        }
    }

    [TestCase("a = \"32 mib\"", "a number of bytes such as \"32 MiB\", at most 1 MiB, but got '32 mib'")]
    [TestCase("a = \"2 MiB\"", "a number of bytes such as \"32 MiB\", at most 1 MiB, but got '2 MiB'")]
    [TestCase("a = -1", "an integer from 0 to 1048576, but got -1")]
    [TestCase("a = true", "a number of bytes such as \"32 MiB\", but got a boolean")]
    public void A_value_that_is_not_a_number_of_bytes_is_reported(string document, string expected)
    {
        ConfigurationReader reader = Reader(document);

        Assert.That(reader.Bytes("a", 1 << 20), Is.Null);

        Assert.That(reader.Finish, Throws.TypeOf<ConfigurationException>().With.Message.Contains($"a: expected {expected}"));
    }

    [Test]
    public void Misspelt_key_is_reported_with_the_nearest_known_one()
    {
        ConfigurationReader reader = Reader("# settings\n\nsoket_path = \"/run/socket\"");
        reader.Path("socket_path");

        Assert.That(Errors(reader), Is.EqualTo(new[] { "harmonia.toml:3:1: soket_path: unknown key; did you mean 'socket_path'?" }));
    }

    [Test]
    public void All_errors_are_reported_at_once_in_the_order_of_the_file()
    {
        ConfigurationReader reader = Reader(
            """
            workers = "four"
            unheard_of = 1
            priority = -1
            [zstd]
            levle = 3
            """);
        reader.Table("zstd").Integer("level", 1, 22);
        reader.Integer("priority", 0, long.MaxValue);
        reader.Integer("workers", 1, 64);

        Assert.That(Errors(reader), Is.EqualTo(new[]
        {
            "harmonia.toml:1:11: workers: expected an integer from 1 to 64, but got a string",
            "harmonia.toml:2:1: unheard_of: unknown key",
            "harmonia.toml:3:12: priority: expected an integer of at least 0, but got -1",
            "harmonia.toml:5:1: zstd.levle: unknown key; did you mean 'level'?",
        }));
    }

    [Test]
    public void Wrong_types_say_what_was_expected_and_what_came()
    {
        ConfigurationReader reader = Reader("a = 1\nb = 'x'\nc = 1.5\nd = []\ne = 1979-05-27\nf = 'x'\ng = ['/x', 2]\nh = true\ni = 07:32:00");
        reader.String("a");
        reader.Integer("b", 0, 1);
        reader.Boolean("c");
        reader.Choice("d", "x", "y");
        reader.Path("e");
        reader.StringList("f");
        reader.PathList("g");
        reader.Table("h");
        reader.Table("i");

        Assert.That(Errors(reader), Is.EqualTo(new[]
        {
            "harmonia.toml:1:5: a: expected a string, but got an integer",
            "harmonia.toml:2:5: b: expected an integer from 0 to 1, but got a string",
            "harmonia.toml:3:5: c: expected a boolean, but got a float",
            "harmonia.toml:4:5: d: expected one of 'x', 'y', but got an array",
            "harmonia.toml:5:5: e: expected an absolute path, but got a date or time",
            "harmonia.toml:6:5: f: expected an array, each item a string, but got a string",
            "harmonia.toml:7:12: g: expected an absolute path, but got an integer",
            "harmonia.toml:8:5: h: expected a table, but got a boolean",
            "harmonia.toml:9:5: i: expected a table, but got a date or time",
        }));
    }

    [Test]
    public void Values_out_of_bounds_are_null_and_reported()
    {
        ConfigurationReader reader = Reader("a = 65\nb = 'z'\nc = 'relative'\nd = ['/x', '', \"/\\u0000\"]");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reader.Integer("a", 1, 64), Is.Null);
            Assert.That(reader.Choice("b", "x", "y"), Is.Null);
            Assert.That(reader.Path("c"), Is.Null);
            Assert.That(reader.PathList("d"), Is.Null);
            Assert.That(Errors(reader), Is.EqualTo(new[]
            {
                "harmonia.toml:1:5: a: expected an integer from 1 to 64, but got 65",
                "harmonia.toml:2:5: b: expected one of 'x', 'y', but got 'z'",
                "harmonia.toml:3:5: c: expected an absolute path, but got 'relative'",
                "harmonia.toml:4:12: d: expected an absolute path, but got ''",
                "harmonia.toml:4:16: d: expected an absolute path, but got '/\uFFFD'",
            }));
        }
    }

    [Test]
    public void Key_asked_for_twice_is_reported_once()
    {
        ConfigurationReader reader = Reader("a = 1\n[t]\nb = 1\nc = 2");
        reader.String("a");
        reader.String("a");
        reader.Table("t").Integer("b", 0, 1);
        reader.Table("t").Integer("c", 0, 2);

        Assert.That(Errors(reader), Is.EqualTo(new[] { "harmonia.toml:1:5: a: expected a string, but got an integer" }));
    }

    [Test]
    public void Table_that_is_not_read_is_an_unknown_key()
    {
        ConfigurationReader reader = Reader("[zst]\nlevel = 1");
        reader.Table("zstd");

        Assert.That(Errors(reader), Is.EqualTo(new[] { "harmonia.toml:1:2: zst: unknown key; did you mean 'zstd'?" }));
    }

    [Test]
    public void Keys_that_need_quotes_are_printed_on_one_line()
    {
        ConfigurationReader reader = Reader("\"a\\nb\" = 1");

        Assert.That(Errors(reader), Is.EqualTo(new[] { "harmonia.toml:1:1: \"a\\nb\": unknown key" }));
    }

    [Test]
    public void Deprecated_key_gives_a_warning_and_can_still_be_read()
    {
        ConfigurationReader reader = Reader("sign_key_path = \"/key\"");
        reader.PathList("sign_key_paths");
        reader.Deprecate("sign_key_path", "use 'sign_key_paths'");
        reader.Deprecate("daemon_socket", "it has no effect");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reader.Path("sign_key_path"), Is.EqualTo("/key"));
            Assert.That(reader.Finish, Throws.Nothing);
            Assert.That(reader.Warnings, Is.EqualTo(new[] { "harmonia.toml:1:1: sign_key_path: deprecated; use 'sign_key_paths'" }));
        }
    }

    [Test]
    public void Deprecated_key_is_never_suggested()
    {
        ConfigurationReader reader = Reader("sign_key_pat = \"/key\"");
        reader.PathList("sign_key_paths");
        reader.Deprecate("sign_key_path", "use 'sign_key_paths'");

        Assert.That(Errors(reader), Is.EqualTo(new[] { "harmonia.toml:1:1: sign_key_pat: unknown key; did you mean 'sign_key_paths'?" }));
    }

    [Test]
    public void Caller_adds_errors_of_its_own()
    {
        ConfigurationReader reader = Reader("tls_cert_path = \"/cert\"");
        reader.Path("tls_cert_path");
        reader.Reject("tls_cert_path", "needs tls_key_path");
        reader.Table("zstd").Reject("level", "is missing");

        Assert.That(Errors(reader), Is.EqualTo(new[]
        {
            "zstd.level: is missing", "harmonia.toml:1:17: tls_cert_path: needs tls_key_path",
        }));
    }

    private static ConfigurationReader Reader(string toml) => ConfigurationFile.Parse(toml, "harmonia.toml");

    private static string[] Errors(ConfigurationReader reader)
    {
        ConfigurationException? exception = Assert.Throws<ConfigurationException>(reader.Finish);
        Assert.That(exception!.Message.Split('\n'), Is.EqualTo(exception.Errors.Select(error => error.ToString())));
        return exception.Message.Split('\n');
    }
}
