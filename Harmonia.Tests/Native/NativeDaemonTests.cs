using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Native;

/// <summary>The native harmonia-daemon of ./publish.sh does each kind of work once. Other tests check the details.</summary>
[Category("Nix")]
public sealed class NativeDaemonTests
{
    private RealNixStore _store = null!;
    private HarmoniaDaemon _daemon = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        _daemon = await HarmoniaDaemon.StartPublishedAsync(_store);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _daemon.DisposeAsync();
        _store.Dispose();
    }

    [Test]
    public async Task What_is_added_is_valid_until_it_is_collected()
    {
        string file = $"{_store.Root}/file";
        await File.WriteAllTextAsync(file, "contents");

        string added = (await NixStoreAsync("--add", file)).SortedLines.Single();

        Assert.That(await _store.QueryAllAsync(), Is.EqualTo(new[] { added }));
        Assert.That((await NixStoreAsync("--gc")).Text, Does.Contain("1 store paths deleted"));
        Assert.That(await _store.QueryAllAsync(), Is.Empty);
    }

    [Test]
    public async Task A_derivation_is_added_built_and_copied_over_standard_streams()
    {
        string built = (await Command.RunAsync(
            NixRelease.Forky.Program("nix-build"),
            ["--no-out-link", "-E", """derivation { name = "b"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo made > $out" ]; }"""],
            _store.Environment)).SortedLines.Single();

        CommandResult dumped = await Command.RunAsync(
            NixRelease.Forky.Program("nix"), ["store", "cat", built], _daemon.SshClientEnvironment);
        CommandResult verified = await NixStoreAsync("--verify", "--check-contents");

        Assert.That(dumped.Text, Is.EqualTo("made\n"));
        Assert.That(verified.Errors, Does.Not.Contain("error").And.Not.Contain("modified"));
    }

    [Test]
    public async Task A_store_is_made_and_filled_without_Nix()
    {
        using TemporaryDirectory directory = new();
        string program = HarmoniaProgram.PublishedPath("harmonia-daemon");
        await File.WriteAllTextAsync(directory["file"], "contents");

        CommandResult imported = await Command.RunAsync(program, ["import", "--store-root", directory["store"], directory["file"]]);

        string path = imported.SortedLines.Single();
        Assert.That(await File.ReadAllTextAsync(directory["store"] + path), Is.EqualTo("contents"));
    }

    private async Task<CommandResult> NixStoreAsync(params string[] arguments) =>
        await Command.RunAsync(NixRelease.Forky.Program("nix-store"), arguments, _daemon.ClientEnvironment);
}
