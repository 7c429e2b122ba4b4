using System.Text.RegularExpressions;
using Harmonia.Cache.Configuration;
using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Configuration;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

/// <summary>docs/configuration.md says what both programs read.</summary>
public sealed partial class ConfigurationDocumentTests
{
    private const string CacheSection = "harmonia-cache";
    private const string DaemonSection = "harmonia-daemon";
    private const int TimeoutMilliseconds = 10_000;

    private static IEnumerable<string> CacheKeys => Rows(CacheSection).Select(row => row.Groups["key"].Value);

    private static IEnumerable<string> DaemonKeys => Rows(DaemonSection).Select(row => row.Groups["key"].Value);

    [Test]
    public void Every_key_that_the_cache_prints_is_documented()
    {
        IReadOnlyDictionary<string, string> printed = CacheOptionsWriter.WriteEach(new CacheOptions
        {
            RealStore = "/a",
            Tls = new TlsOptions { CertificatePath = "/b", KeyPath = "/c", ClientAuthoritiesPath = "/d" },
            CredentialsPath = "/e",
            DaemonSocket = "/f",
            NarCache = new NarCacheOptions { Directory = "/g" },
            Signatures = new SignatureOptions { Directory = "/h" },
        });

        Assert.That(CacheKeys, Is.SupersetOf(printed.Keys));
    }

    [Test]
    public void Every_key_that_the_daemon_reads_is_documented()
    {
        string source = Repository.TextOf("Harmonia.Daemon/Configuration/DaemonOptionsReader.cs");
        IEnumerable<string> read = KeyInCode().Matches(source).Select(match => match.Groups["key"].Value);

        Assert.That(DaemonKeys, Is.EquivalentTo(read.Distinct()));
    }

    [Test]
    public void Every_documented_key_of_the_daemon_is_printed()
    {
        ConfigurationReader reader = ConfigurationFile.Parse("trusted_users = [\"a\"]\nbuild_delegate = \"/b\"\n", "daemon.toml");

        string printed = DaemonOptionsWriter.Write(new DaemonOptionsReader(_ => null).Read(reader, new NixSettings([])));

        Assert.That(printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]), Is.EquivalentTo(DaemonKeys));
    }

    // No key takes a date, so the error tells whether the key is known.
    [TestCaseSource(nameof(CacheKeys))]
    public void Every_documented_key_of_the_cache_is_known(string key)
    {
        List<ConfigurationError> errors = new();

        CacheOptionsReader.Read(ConfigurationFile.Parse($"{key} = 1979-05-27", "harmonia.toml"), new CacheEnvironment(), errors, []);

        Assert.That(errors.Single().Message, Does.StartWith("expected"));
    }

    [TestCaseSource(nameof(DaemonKeys))]
    public void Every_documented_key_of_the_daemon_is_known(string key)
    {
        ConfigurationReader reader = ConfigurationFile.Parse($"{key} = 1979-05-27", "daemon.toml");

        Assert.That(
            () => new DaemonOptionsReader(_ => null).Read(reader, new NixSettings([])), Throws.TypeOf<ConfigurationException>().With.Message.Contains("expected"));
    }

    [Test]
    public void Every_default_of_the_cache_is_what_the_document_says()
    {
        List<ConfigurationError> errors = new();

        CacheOptions options = CacheOptionsReader.Read(
            ConfigurationFile.Parse(DocumentedDefaults(CacheSection), "documented"), new CacheEnvironment(), errors, []);

        Assert.That(errors, Is.Empty);
        Assert.That(CacheOptionsWriter.Write(options), Is.EqualTo(CacheOptionsWriter.Write(new CacheOptions())));
    }

    [Test]
    public void Every_default_of_the_daemon_is_what_the_document_says()
    {
        DaemonOptionsReader reader = new(_ => null);
        NixSettings none = new([]);

        Assert.That(
            reader.Read(ConfigurationFile.Parse(DocumentedDefaults(DaemonSection), "documented"), none), Is.EqualTo(reader.Read(new ConfigurationReader(), none)));
    }

    [TestCase(CacheSection, "Harmonia.Cache/Configuration/CacheEnvironment.cs")]
    [TestCase(DaemonSection, "Harmonia.Daemon/Configuration/DaemonOptionsReader.cs")]
    public void Every_variable_is_documented(string section, string source)
    {
        string[] variables = [.. VariableInCode().Matches(Repository.TextOf(source)).Select(match => match.Groups["name"].Value)];

        Assert.That(variables, Is.Not.Empty);
        foreach (string variable in variables)
            Assert.That(Section(section), Does.Contain(variable));
    }

    // Only defaults that are values; others are sentences, or the names of other keys.
    private static string DocumentedDefaults(string section)
    {
        Match[] literal = [.. Rows(section).Where(row => row.Groups["default"].Success)];
        Assert.That(literal, Has.Length.GreaterThan(5));
        return string.Concat(literal.Select(row => $"{row.Groups["key"].Value} = {row.Groups["default"].Value}\n"));
    }

    private static MatchCollection Rows(string section) => Row().Matches(Section(section));

    private static string Section(string name)
    {
        string document = Repository.TextOf("docs/configuration.md");
        int start = document.IndexOf($"\n## {name}\n", StringComparison.Ordinal);
        int end = document.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? document[start..] : document[start..end];
    }

    [GeneratedRegex("""
        ^\|\ `(?<key>\w+)`\ \|\ [^|]*\ \|\ (?:`(?<default>"[^`]*"|[0-9]+|true|false|\[\])`|[^|]*)\ \|
        """, RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace, TimeoutMilliseconds)]
    private static partial Regex Row();

    [GeneratedRegex("""(reader\.(?!Reject|Deprecate)\w+\(|settings\.\w+\(|Seconds\(reader, |const string Key = )"(?<key>\w+)""", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex KeyInCode();

    [GeneratedRegex("""Variable(\("| = ")(?<name>\w+)""", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex VariableInCode();
}
