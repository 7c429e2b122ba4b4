using System.Text.RegularExpressions;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Configuration;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Configuration;

/// <summary>docs/configuration.md says what the reader does.</summary>
public sealed partial class ConfigurationDocumentationTests
{
    private const int TimeoutMilliseconds = 10_000;

    [Test]
    public void Every_key_that_is_read_is_documented_and_no_other()
    {
        string source = Repository.TextOf("Harmonia.Cache/Configuration/CacheOptionsReader.cs");
        IEnumerable<string> read = KeyInCode().Matches(source).Select(match => match.Groups["key"].Value);

        Assert.That(Rows().SelectMany(row => Keys(row[0])).Distinct(), Is.EquivalentTo(read.Distinct()));
    }

    [Test]
    public void Every_default_is_what_the_document_says()
    {
        string[][] withDefault = [.. Rows().Where(row => row[2] != "*unset*")];
        string toml = string.Concat(withDefault.Select(row => $"{Keys(row[0]).Single()} = {row[2].Trim('`')}\n"));
        var errors = new List<ConfigurationError>();

        CacheOptions options = CacheOptionsReader.Read(TomlReader.Parse(toml, "documented"), new CacheEnvironment(), errors, []);

        Assert.That(errors, Is.Empty);
        Assert.That(withDefault, Has.Length.EqualTo(8), toml);
        Assert.That(options.SigningKeyPaths, Is.Empty);
        Assert.That(options with { SigningKeyPaths = [] }, Is.EqualTo(new CacheOptions()));
    }

    [Test]
    public void Every_variable_is_documented()
    {
        string source = Repository.TextOf("Harmonia.Cache/Configuration/CacheEnvironment.cs");

        foreach (string variable in VariableInCode().Matches(source).Select(match => match.Groups["name"].Value))
            Assert.That(Section(), Does.Contain($"| `{variable}` |"));
    }

    // The rows of the first table of the section: key, type, default, text.
    private static IEnumerable<string[]> Rows() => Section().Split('\n')
        .SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal)).Skip(1)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..]);

    private static IEnumerable<string> Keys(string cell) => QuotedName().Matches(cell).Select(match => match.Groups["name"].Value);

    private static string Section()
    {
        string document = Repository.TextOf("docs/configuration.md");
        int start = document.IndexOf("\n## harmonia-cache\n", StringComparison.Ordinal);
        int end = document.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? document[start..] : document[start..end];
    }

    [GeneratedRegex("""(reader|zstd)\.(?!Reject|Warn|Deprecate)\w+\("(?<key>\w+)"|Key = "(?<key>\w+)"|"(?<key>tls_\w+)"(?=[,\]])""", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex KeyInCode();

    [GeneratedRegex("""Variable\("(?<name>\w+)"\)""", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex VariableInCode();

    [GeneratedRegex("""`\[?(?<name>\w+)\]?`""", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex QuotedName();
}
