using System.Globalization;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Adding;

/// <summary>Whatever happens in the middle of an addition, the store is whole and the next one succeeds.</summary>
[Category("Nix")]
public sealed class InterruptedAdditionTests
{
    private const int Paths = 300;

    private RealNixStore _store = null!;
    private RealNixStore _source = null!;
    private HarmoniaDaemon _daemon = null!;
    private string[] _paths = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _source = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        _store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        await Command.RunAsync(HarmoniaProgram.Path("harmonia-daemon"), ["init", "--store-root", $"{_store.Root}/root"]);
        _daemon = await HarmoniaDaemon.StartAsync(_store);
        Directory.CreateDirectory($"{_source.Root}/many");
        for (int i = 0; i < Paths; i++)
            await File.WriteAllTextAsync($"{_source.Root}/many/file{i}", new string('x', 300_000) + i.ToString(CultureInfo.InvariantCulture));
        _paths = await _source.RunAsync("nix-store", ["--add", .. Directory.GetFiles($"{_source.Root}/many")]);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _daemon.DisposeAsync();
        _store.Dispose();
        _source.Dispose();
    }

    [Test]
    public async Task A_killed_daemon_leaves_a_store_that_is_whole()
    {
        Task<CommandResult> copy = CopyAsync();
        await _daemon.Program.WaitUntilAsync(() => Task.FromResult(StoreContents.Rows(_store).Length > 0 || copy.IsCompleted));
        await _daemon.Program.KillAsync();
        await copy;

        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
        await _daemon.StartAsync();
        Assert.That((await CopyAsync()).ExitCode, Is.Zero);
        Assert.That(StoreContents.Rows(_store), Is.EqualTo(StoreContents.Rows(_source)));
        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
    }

    [Test]
    public async Task Two_clients_add_the_same_paths_at_once()
    {
        CommandResult[] results = await Task.WhenAll(CopyAsync(), CopyAsync());

        Assert.That(results.Select(result => result.ExitCode), Is.All.Zero, results[0].Errors + results[1].Errors);
        Assert.That(StoreContents.Rows(_store), Is.EqualTo(StoreContents.Rows(_source)));
        Assert.That(StoreContents.Strays(_store), Is.Empty);
        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
    }

    private Task<CommandResult> CopyAsync() => Command.TryRunAsync(
        _source.Release.Program("nix"), ["copy", "--to", _daemon.ClientEnvironment["NIX_REMOTE"]!, .. _paths], _source.Environment);
}
