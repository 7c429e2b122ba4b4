using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Native;

/// <summary>The native programs behind TLS, with NARs that are stored compressed.</summary>
[Category("Nix")]
public sealed class NativeTlsTests
{
    private readonly TemporaryDirectory _directory = new();
    private TestCertificates _certificates = null!;
    private NativePair _pair = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _certificates = await TestCertificates.MakeAsync();
        _pair = await NativePair.StartAsync($"""
            tls_cert_path = "{_certificates.Chain}"
            tls_key_path = "{_certificates.Pkcs8Key}"

            [nar_cache]
            directory = "{_directory["nars"]}"
            """);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _pair.DisposeAsync();
        _certificates.Dispose();
        _directory.Dispose();
    }

    [TestCase("--http1.1", "1.1")]
    [TestCase("--http2", "2")]
    public async Task Each_version_of_HTTP_is_served(string option, string version)
    {
        CommandResult answer = await _pair.FetchAsync("health", option, "--cacert", _certificates.Authority, "--write-out", "%{http_version}");

        Assert.That(answer.Text, Is.EqualTo($"OK\n{version}"));
    }

    [Test]
    public async Task Nix_copies_a_closure_and_verifies_it()
    {
        string[] narInfo = await _pair.NarInfoAsync("--cacert", _certificates.Authority);
        Assert.That(narInfo, Has.Some.StartsWith("URL: nar/").And.Some.EndsWith(".nar.zst"));
        using RealNixStore destination = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        Dictionary<string, string?> environment = new(destination.Environment) { ["NIX_SSL_CERT_FILE"] = _certificates.Authority };

        CommandResult copied = await Command.TryRunAsync(
            NixRelease.Forky.Program("nix"),
            [
                "copy", "--from", _pair.Cache.Url.ToString(), "--option", "trusted-public-keys", _pair.Cache.PublicKey,
                "--option", "require-sigs", "true", _pair.Top,
            ],
            environment);

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        CommandResult verified = await Command.RunAsync(
            NixRelease.Forky.Program("nix-store"), ["--verify", "--check-contents"], destination.Environment);
        Assert.That(verified.Errors, Does.Not.Contain("error").And.Not.Contain("modified"));
        Assert.That(await destination.QueryAllAsync(), Has.Length.EqualTo(2).And.Contains(_pair.Top));
    }
}
