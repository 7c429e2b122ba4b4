using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Real clients that the daemon does not trust. Root is one of them if it is not in trusted_users.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class UntrustedClientTests(NixRelease release)
{
    private RealNixStore _store = null!;
    private RealNixStore _source = null!;

    [SetUp]
    public async Task MakeStoresAsync()
    {
        _source = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        _store = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        await Command.RunAsync(HarmoniaProgram.Path("harmonia-daemon"), ["init", "--store-root", $"{_store.Root}/root"]);
    }

    [TearDown]
    public void RemoveStores()
    {
        _store.Dispose();
        _source.Dispose();
    }

    [Test]
    public async Task Only_what_a_trusted_key_has_signed_is_taken()
    {
        string path = (await _source.BuildAsync(
            """derivation { name = "built"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo x > $out" ]; }""")).Single();
        await using (HarmoniaDaemon strict = await HarmoniaDaemon.StartAsync(_store, """trusted_users = ["nobody"]"""))
        {
            CommandResult refused = await CopyAsync(strict, path);
            Assert.That(refused.ExitCode, Is.Not.Zero);
            Assert.That(refused.Errors, Does.Contain("because it lacks a signature by a trusted key"));
            Assert.That(StoreContents.Rows(_store), Is.Empty);
        }

        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(_store, $"""
            trusted_users = ["nobody"]
            trusted_public_keys = ["{_source.PublicKey.Trim()}"]
            """);
        CommandResult taken = await CopyAsync(daemon, path);
        Assert.That(taken.ExitCode, Is.Zero, taken.Errors);
        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
        Assert.That(StoreContents.Strays(_store), Is.Empty);
    }

    [Test]
    public async Task Who_is_not_allowed_is_disconnected()
    {
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(_store, """
            trusted_users = []
            allowed_users = ["nobody"]
            """);

        CommandResult refused = await Command.TryRunAsync(release.Program("nix"), ["path-info", "--all"], daemon.ClientEnvironment);

        Assert.That(refused.ExitCode, Is.Not.Zero);
        await daemon.Program.WaitUntilAsync(() => Task.FromResult(daemon.Program.Log.Contains("user 'root' is not allowed to connect", StringComparison.Ordinal)));
    }

    private Task<CommandResult> CopyAsync(HarmoniaDaemon daemon, string path) => Command.TryRunAsync(
        release.Program("nix"), ["copy", "--no-check-sigs", "--to", daemon.ClientEnvironment["NIX_REMOTE"]!, path], _source.Environment);
}
