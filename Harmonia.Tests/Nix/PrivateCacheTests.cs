using Harmonia.Cache.Http;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>A real client copies from a cache over HTTPS with an authority of its own and a login from its netrc file.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class PrivateCacheTests(NixRelease release)
{
    private readonly TemporaryDirectory _directory = new();
    private TestCertificates? _certificates;
    private HarmoniaDaemon? _daemon;
    private HarmoniaCache? _cache;

    private static LargeStore Store => LargeStoreSetUp.Store;

    [OneTimeSetUp]
    public async Task StartBothAsync()
    {
        _certificates = await TestCertificates.MakeAsync();
        _daemon = await HarmoniaDaemon.StartAsync(Store.Store);
        await File.WriteAllTextAsync(_directory["credentials"], $"# people\n\nalice:{PasswordHash.Of("secret")}\n");
        _cache = await HarmoniaCache.StartAsync(Store.Store, _daemon.SocketPath, $"""
            tls_cert_path = "{_certificates.Chain}"
            tls_key_path = "{_certificates.Pkcs8Key}"
            credentials_path = "{_directory["credentials"]}"
            """);
    }

    [OneTimeTearDown]
    public async Task StopBothAsync()
    {
        if (_cache is not null)
            await _cache.DisposeAsync();
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _certificates?.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task With_the_authority_and_the_login_a_path_is_copied()
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        CommandResult copied = await CopyAsync(destination, _certificates!.Authority, "alice", "secret");

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        Assert.That(await destination.QueryAllAsync(), Does.Contain(Store.OddTree));
    }

    [Test]
    public async Task With_a_wrong_password_nothing_is_copied()
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        CommandResult copied = await CopyAsync(destination, _certificates!.Authority, "alice", "guess");

        Assert.That(copied.ExitCode, Is.Not.Zero);
        Assert.That(copied.Errors, Does.Contain("401").Or.Contain("does not appear to be a binary cache"));
    }

    [Test]
    public async Task Without_the_authority_nothing_is_copied()
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        CommandResult copied = await CopyAsync(destination, "/etc/ssl/certs/ca-certificates.crt", "alice", "secret");

        Assert.That(copied.ExitCode, Is.Not.Zero);
        Assert.That(copied.Errors, Does.Contain("certificate").IgnoreCase);
    }

    private async Task<CommandResult> CopyAsync(RealNixStore destination, string authority, string login, string password)
    {
        string netrc = _directory[$"netrc-{Guid.NewGuid():N}"];
        await File.WriteAllTextAsync(netrc, $"machine 127.0.0.1\nlogin {login}\npassword {password}\n");
        return await Command.TryRunAsync(
            release.Program("nix"),
            [
                "copy", "--extra-experimental-features", "nix-command", "--from", _cache!.Url.ToString(),
                "--option", "netrc-file", netrc, "--option", "download-attempts", "1",
                "--option", "trusted-public-keys", _cache.PublicKey, "--option", "require-sigs", "true", Store.OddTree,
            ],
            new Dictionary<string, string?>(destination.Environment) { ["NIX_SSL_CERT_FILE"] = authority });
    }
}
