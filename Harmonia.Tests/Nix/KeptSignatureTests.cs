using Harmonia.Protocol.Store;
using Harmonia.Tests.Cache.Metrics;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>A real client checks signatures that the cache found in a file and did not make again.</summary>
[Category("Nix")]
public sealed class KeptSignatureTests
{
    private readonly TemporaryDirectory _directory = new();
    private HarmoniaDaemon? _daemon;

    private static LargeStore Store => LargeStoreSetUp.Store;

    [OneTimeSetUp]
    public async Task StartDaemonAsync() => _daemon = await HarmoniaDaemon.StartAsync(Store.Store);

    [OneTimeTearDown]
    public async Task StopDaemonAsync()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _directory.Dispose();
    }

    [TestCaseSource(typeof(NixRelease), nameof(NixRelease.All))]
    public async Task A_client_copies_after_a_restart_with_the_signatures_from_before(NixRelease release)
    {
        using SecretKey key = SecretKey.Generate("cache.example.org-1");
        string keyFile = _directory[$"key-{release}"];
        await File.WriteAllTextAsync(keyFile, key.ExportText());
        string settings = $"""
            virtual_nix_store = "{Store.Store.StoreDirectory}"
            real_nix_store = "{Store.Store.RealStoreDirectory}"
            sign_key_paths = ["{keyFile}"]
            [signatures]
            directory = "{_directory["signatures"]}"
            """;
        await using (CacheProcess before = await StartAsync(settings))
        {
            await Command.RunAsync("curl", ["--silent", "--fail", NarInfoUrl(before)]);
            await before.Program.TerminateAsync();
        }

        await using CacheProcess cache = await StartAsync(settings);
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        CommandResult copied = await Command.TryRunAsync(
            release.Program("nix"),
            [
                "copy", "--extra-experimental-features", "nix-command", "--from", $"http://127.0.0.1:{cache.Port}",
                "--option", "trusted-public-keys", key.PublicKey.ToString(), "--option", "require-sigs", "true", Store.OddTree,
            ],
            destination.Environment);

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        Assert.That(await destination.QueryAllAsync(), Does.Contain(Store.OddTree));
        string metrics = (await Command.RunAsync("curl", ["--silent", "--fail", $"http://127.0.0.1:{cache.Port}/metrics"])).Text;
        Assert.That(MetricSample.ValueOf(metrics, "harmonia_signatures_total", "source=\"kept\""), Is.EqualTo(1));
        Assert.That(MetricSample.ValueOf(metrics, "harmonia_signatures_total", "source=\"made\""), Is.Zero);
    }

    private static string NarInfoUrl(CacheProcess cache) =>
        $"http://127.0.0.1:{cache.Port}/{Path.GetFileName(Store.OddTree)[..32]}.narinfo";

    private Task<CacheProcess> StartAsync(string settings) =>
        CacheProcess.StartAsync(_directory, settings, [], daemonSocket: _daemon!.SocketPath);
}
