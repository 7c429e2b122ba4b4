using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class RealNixStoreTests(NixRelease release)
{
    [Test]
    public async Task A_filled_store_is_served_by_its_daemon([Values] RealNixStoreLayout layout)
    {
        using RealNixStore store = await RealNixStore.CreateAsync(release, layout);
        SampleStorePaths paths = await SampleStorePaths.AddToAsync(store);
        using RealNixDaemon daemon = RealNixDaemon.Start(store);

        CommandResult invalid = await Command.RunAsync(
            release.Program("nix-store"), ["--check-validity", "--print-invalid", .. paths.Chain, paths.Directory], daemon.ClientEnvironment);

        Assert.That(invalid.Text, Is.Empty);
        Assert.That(await store.QueryAllAsync(), Has.Length.GreaterThan(36));
        Assert.That(File.Exists(store.Database));
    }

    [Test]
    public async Task A_killed_daemon_can_be_started_again()
    {
        using RealNixStore store = await RealNixStore.CreateAsync(release);
        string path = await store.AddFileAsync("one", "1");
        using RealNixDaemon daemon = RealNixDaemon.Start(store);
        daemon.Kill();
        daemon.Start();

        CommandResult hash = await Command.RunAsync(
            release.Program("nix-store"), ["--query", "--hash", path], daemon.ClientEnvironment);

        Assert.That(hash.Text, Does.StartWith("sha256:"));
    }
}
