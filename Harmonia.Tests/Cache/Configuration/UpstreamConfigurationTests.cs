using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Configuration;

/// <summary>A harmonia.toml written for harmonia (Rust), with every key it knows, given to the real program.</summary>
public sealed class UpstreamConfigurationTests
{
    private TemporaryDirectory _directory = null!;
    private TestCertificates _certificates = null!;
    private int _port;

    private string Configuration => _directory["harmonia.toml"];

    [SetUp]
    public async Task WriteAsync()
    {
        _directory = new TemporaryDirectory();
        _certificates = await TestCertificates.MakeAsync();
        foreach (string name in (string[])["old-1", "new-1", "new-2"])
        {
            using SecretKey key = SecretKey.Generate(name);
            await File.WriteAllTextAsync(_directory[name], key.ExportText());
        }

        _port = CacheProcess.FreePort();
        await File.WriteAllTextAsync(Configuration, $"""
            # listen on all interfaces
            bind = "127.0.0.1:{_port}"
            workers = 5
            max_connection_rate = 257
            max_connections = 2049
            priority = 31
            virtual_nix_store = "/nix/store"
            real_nix_store = "{_directory["store"]}"
            nix_db_path = "{_directory["db.sqlite"]}"
            enable_compression = true
            daemon_socket = "{_directory["no-daemon"]}"
            sign_key_path = "{_directory["old-1"]}"
            sign_key_paths = [ "{_directory["new-1"]}", "{_directory["new-2"]}" ]
            tls_cert_path = "{_certificates.Chain}"
            tls_key_path = "{_certificates.Pkcs8Key}"

            [zstd]
            level = 2
            long_distance_matching = true
            window_log = 24
            max_ldm_encoders_per_worker = 15
            """);
    }

    [TearDown]
    public void Remove()
    {
        _certificates.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task Every_value_is_printed_back()
    {
        CommandResult printed = await Command.RunAsync(HarmoniaProgram.Path("harmonia-cache"), ["--config", Configuration, "--print-config"]);

        foreach (string line in (string[])[
            $"bind = [\"127.0.0.1:{_port}\"]", "workers = 5", "max_connection_rate = 257", "max_connections = 2049", "priority = 31",
            "virtual_nix_store = \"/nix/store\"", $"real_nix_store = \"{_directory["store"]}\"", $"daemon_socket = \"{_directory["no-daemon"]}\"",
            $"sign_key_paths = [\"{_directory["new-1"]}\", \"{_directory["new-2"]}\", \"{_directory["old-1"]}\"]",
            $"tls_cert_path = \"{_certificates.Chain}\"", $"tls_key_path = \"{_certificates.Pkcs8Key}\"", "enable_compression = true",
            "[zstd]", "level = 2", "long_distance_matching = true", "window_log = 24", "max_ldm_encoders_per_worker = 15",
        ])
        {
            Assert.That(printed.Text.Split('\n'), Does.Contain(line), printed.Text);
        }
    }

    [Test]
    public async Task The_program_serves_with_it_and_shows_every_key()
    {
        await using HarmoniaProgram program = await HarmoniaProgram.StartAsync(
            "harmonia-cache", ["--config", Configuration], async () => (await CurlAsync("health")).Text == "OK\n");

        Assert.That((await CurlAsync("nix-cache-info")).Text, Is.EqualTo("StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 31\n"));
        Assert.That((await CurlAsync("")).Text, Does.Contain("new-1:").And.Contain("new-2:").And.Contain("old-1:").And.Contain("Priority: 31"));
        await Patience.UntilAsync(() => program.Log.Contains("sign_key_path: deprecated", StringComparison.Ordinal));
        Assert.That(program.Log, Does.Not.Contain("unknown key"));
    }

    private Task<CommandResult> CurlAsync(string path) => Command.TryRunAsync(
        "curl", ["--silent", "--fail", "--cacert", _certificates.Authority, $"https://localhost:{_port}/{path}"]);
}
