using System.Net.Sockets;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

/// <summary>The real program with certificates from openssl. curl sends requests.</summary>
public sealed class TlsTests
{
    private const int CurlTimedOut = 28;

    private TestCertificates _certificates = null!;
    private TemporaryDirectory _directory = null!;

    [OneTimeSetUp]
    public async Task MakeCertificatesAsync() => _certificates = await TestCertificates.MakeAsync();

    [OneTimeTearDown]
    public void RemoveCertificates() => _certificates.Dispose();

    [SetUp]
    public void MakeDirectory() => _directory = new TemporaryDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task Every_kind_of_key_serves_its_chain_by_HTTP_2_in_TLS_1_2_and_1_3()
    {
        foreach ((string chain, string key) in ((string, string)[])[
            (_certificates.Chain, _certificates.Pkcs8Key), (_certificates.Chain, _certificates.Pkcs1Key),
            (_certificates.EllipticChain, _certificates.Sec1Key)])
        {
            await using CacheProcess cache = await StartAsync(Settings(chain, key));
            foreach (string version in (string[])["1.2", "1.3"])
            {
                CommandResult answer = await CurlAsync(
                    cache, $"--tlsv{version}", "--tls-max", version, "--write-out", "%{http_version} %{http_code} %{ssl_verify_result}");
                Assert.That(answer.Text, Is.EqualTo("OK\n2 200 0"), $"{key}, TLS {version}: {answer.Errors}");
            }

            CommandResult old = await CurlAsync(cache, "--http1.1", "--write-out", "%{http_version}");
            Assert.That(old.Text, Is.EqualTo("OK\n1.1"), old.Errors);
        }
    }

    [Test]
    public async Task The_landing_page_shows_the_authority_of_an_HTTP_2_request()
    {
        await using CacheProcess cache = await StartAsync(Settings(_certificates.Chain, _certificates.Pkcs8Key));

        CommandResult page = await Command.RunAsync(
            "curl",
            [
                "--silent", "--http2", "--insecure", "--resolve", $"cache.test:{cache.Port}:127.0.0.1", "--write-out", "%{http_version}",
                $"https://cache.test:{cache.Port}/",
            ]);

        Assert.That(page.Text, Does.EndWith("2").And.Contain($"extra-substituters = https://cache.test:{cache.Port}"));
    }

    [Test]
    public async Task No_more_handshakes_run_at_once_than_max_connection_rate_allows_all_workers_together()
    {
        await using CacheProcess cache = await StartAsync(
            Settings(_certificates.Chain, _certificates.Pkcs8Key) + "workers = 2\nmax_connection_rate = 1\n");
        // These begin no handshake, so each keeps its place until it is closed.
        using TcpClient first = new("127.0.0.1", cache.Port);
        Assert.That((await CurlAsync(cache)).Text, Is.EqualTo("OK\n"));

        using TcpClient second = new("127.0.0.1", cache.Port);
        CommandResult tooMany = await CurlAsync(cache, "--max-time", "2");
        Assert.That(tooMany.ExitCode, Is.EqualTo(CurlTimedOut), tooMany.Errors);

        second.Close();
        Assert.That((await CurlAsync(cache)).Text, Is.EqualTo("OK\n"));
    }

    [Test]
    public async Task TLS_1_1_and_plain_HTTP_are_not_answered()
    {
        await using CacheProcess cache = await StartAsync(Settings(_certificates.Chain, _certificates.Pkcs8Key));

        CommandResult old = await CurlAsync(cache, "--tlsv1.1", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0");
        CommandResult plain = await Command.TryRunAsync("curl", ["--silent", $"http://localhost:{cache.Port}/health"]);

        Assert.That(old.ExitCode, Is.Not.Zero);
        Assert.That(plain.Text, Is.Empty);
    }

    [Test]
    public async Task Where_client_certificates_are_wanted_only_those_of_the_authority_are_let_in()
    {
        await using CacheProcess cache = await StartAsync(
            Settings(_certificates.Chain, _certificates.Pkcs8Key) + $"tls_client_ca_path = \"{_certificates.Authority}\"\n",
            "--cert", _certificates.Client);

        CommandResult known = await CurlAsync(cache, "--cert", _certificates.Client);
        CommandResult none = await CurlAsync(cache);
        string stranger = _directory["stranger.pem"], strangersKey = _directory["stranger-key.pem"];
        await Command.RunAsync(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                "-subj", "/CN=stranger", "-keyout", strangersKey, "-out", stranger,
            ]);
        CommandResult other = await CurlAsync(cache, "--cert", stranger, "--key", strangersKey);

        Assert.That(known.Text, Is.EqualTo("OK\n"), known.Errors);
        Assert.That(none.ExitCode, Is.Not.Zero);
        Assert.That(none.Text, Is.Empty);
        Assert.That(other.ExitCode, Is.Not.Zero);
        Assert.That(other.Text, Is.Empty);
    }

    [Test]
    public async Task What_cannot_serve_stops_the_start_with_the_name_of_the_file()
    {
        string empty = _directory["empty"], missing = _directory["missing"], garbage = _directory["garbage"];
        File.WriteAllText(empty, "");
        File.WriteAllText(garbage, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        foreach ((string certificate, string key, string error) in ((string, string, string)[])[
            (_certificates.VersionOne, _certificates.Pkcs8Key, $"{_certificates.VersionOne}: expected an X.509 certificate of version 3, but got version 1"),
            (_certificates.Chain, _certificates.Sec1Key, $"{_certificates.Sec1Key}: "),
            (_certificates.EllipticChain, _certificates.Pkcs8Key, $"{_certificates.Pkcs8Key}: "),
            (missing, _certificates.Pkcs8Key, $"{missing}: the certificate file cannot be read"),
            (_certificates.Chain, missing, $"{missing}: the TLS key cannot be read"),
            (empty, _certificates.Pkcs8Key, $"{empty}: expected certificates in PEM"),
            (garbage, _certificates.Pkcs8Key, $"{garbage}: the certificates cannot be read"),
            (_certificates.Chain, empty, $"{empty}: expected the RSA or EC key"),
            (_certificates.Chain, "/dev/zero", "/dev/zero: the TLS key cannot be read: The file is longer"),
        ])
        {
            File.WriteAllText(_directory["harmonia.toml"], Settings(certificate, key));

            CommandResult result = await Command.TryRunAsync(
                HarmoniaProgram.Path("harmonia-cache"), ["--config", _directory["harmonia.toml"], "--check-config"]);

            Assert.That(result.ExitCode, Is.EqualTo(1), error);
            Assert.That(result.Errors, Does.StartWith(error).And.Not.Contain("   at "));
            Assert.That(result.Errors.Trim().Split('\n'), Has.Length.EqualTo(1));
        }
    }

    [TestCase("Ed25519")]
    [TestCase("Ed448")]
    public async Task A_key_of_an_Edwards_curve_stops_the_start_and_the_error_says_how_to_make_another(string algorithm)
    {
        string certificate = _directory["tls.crt"], key = _directory["tls.key"];
        await Command.RunAsync(
            "openssl", ["req", "-x509", "-newkey", algorithm, "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate]);
        File.WriteAllText(_directory["harmonia.toml"], Settings(certificate, key));

        CommandResult result = await Command.TryRunAsync(
            HarmoniaProgram.Path("harmonia-cache"), ["--config", _directory["harmonia.toml"], "--check-config"]);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(
            result.Errors, Does.StartWith($"{certificate}: expected a certificate of an RSA or EC key, but got one of an {algorithm} key; "));
        Assert.That(result.Errors.Trim().Split('\n'), Has.Length.EqualTo(1));

        string command = result.Errors[result.Errors.IndexOf("openssl ", StringComparison.Ordinal)..].Trim();
        await Command.RunAsync("/bin/sh", ["-euc", $"""
            cd "$1"
            {command}
            openssl req -x509 -key ec.key -subj /CN=localhost -addext subjectAltName=DNS:localhost -out tls.crt
            """, "sh", _directory.Path]);
        await using CacheProcess cache = await StartAsync(Settings(certificate, _directory["ec.key"]));
        CommandResult answer = await Command.TryRunAsync(
            "curl", ["--silent", "--show-error", "--cacert", certificate, $"https://localhost:{cache.Port}/health"]);
        Assert.That(answer.Text, Is.EqualTo("OK\n"), answer.Errors);
    }

    [Test]
    public async Task A_renewed_certificate_is_served_after_SIGHUP_and_a_broken_one_never()
    {
        string chain = _directory["chain.pem"], key = _directory["key.pem"];
        File.Copy(_certificates.Chain, chain);
        File.Copy(_certificates.Pkcs8Key, key);
        await using CacheProcess cache = await StartAsync(Settings(chain, key));

        File.WriteAllText(chain, "broken");
        await cache.SendSighupAsync();
        await cache.LogsAsync("Not reloaded");
        Assert.That((await CurlAsync(cache)).Text, Is.EqualTo("OK\n"));

        File.Copy(_certificates.EllipticChain, chain, overwrite: true);
        File.Copy(_certificates.Sec1Key, key, overwrite: true);
        await cache.SendSighupAsync();
        await cache.LogsAsync("] Reloaded;");
        CommandResult served = await Command.RunAsync(
            "openssl", ["s_client", "-connect", $"localhost:{cache.Port}", "-CAfile", _certificates.Authority, "-verify_return_error"], input: []);
        Assert.That(served.Text, Does.Contain("CN = sec1").Or.Contain("CN=sec1"));
    }

    private Task<CommandResult> CurlAsync(CacheProcess cache, params string[] arguments) => Command.TryRunAsync(
        "curl",
        ["--silent", "--show-error", "--cacert", _certificates.Authority, .. arguments, $"https://localhost:{cache.Port}/health"]);

    private static string Settings(string certificate, string key) => $"tls_cert_path = \"{certificate}\"\ntls_key_path = \"{key}\"\n";

    private Task<CacheProcess> StartAsync(string settings, params string[] curlArguments) =>
        CacheProcess.StartAsync(_directory, settings, ["--insecure", .. curlArguments]);
}
