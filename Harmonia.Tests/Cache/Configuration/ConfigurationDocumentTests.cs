using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Configuration;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Configuration;

/// <summary>Compares docs/configuration.md with the code.</summary>
public sealed class ConfigurationDocumentTests
{
    private const string RowStart = "| `";

    // The rows of the table of keys, which are the only ones that begin with code.
    private static string[] Documented =>
    [
        .. File.ReadLines(Repository.PathOf("docs/configuration.md"))
            .Where(line => line.StartsWith(RowStart, StringComparison.Ordinal))
            .Select(line => line[RowStart.Length..line.IndexOf('`', RowStart.Length)]),
    ];

    [Test]
    public void Every_key_that_is_printed_is_documented()
    {
        TomlTable printed = CacheOptionsWriter.Write(new CacheOptions
        {
            RealStore = "/a",
            Tls = new TlsOptions { CertificatePath = "/b", KeyPath = "/c", ClientAuthoritiesPath = "/d" },
            CredentialsPath = "/e",
            DaemonSocket = "/f",
        });

        Assert.That(Documented, Is.SupersetOf(printed.Entries.Select(entry => entry.Key)));
    }

    [TestCaseSource(nameof(Documented))]
    public void Every_documented_key_is_known(string key)
    {
        var errors = new List<ConfigurationError>();

        CacheOptionsReader.Read(TomlReader.Parse($"{key} = 1979-05-27", "harmonia.toml"), new CacheEnvironment(), errors, []);

        // No key takes a date, so the error tells whether the key is known.
        Assert.That(errors.Single().Message, Does.StartWith("expected"));
    }
}
