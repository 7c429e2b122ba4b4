using System.Globalization;
using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>
/// Our collector while Nix is running, Nix's collector while our daemon is running, and a killed collector: the store stays intact.
/// </summary>
[Category("Nix")]
public sealed class ConcurrentCollectorsTests
{
    private const int Paths = 200;
    private const int Rounds = 3;

    private RealNixStore _store = null!;
    private RealNixStore _source = null!;
    private HarmoniaDaemon _daemon = null!;
    private readonly string[][] _chains = new string[Rounds][];
    private string[] _trees = null!;

    private string[] All => [.. _trees, .. _chains.SelectMany(chain => chain)];

    [SetUp]
    public async Task StartAsync()
    {
        _source = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        _store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        await Command.RunAsync(HarmoniaProgram.Path("harmonia-daemon"), ["init", "--store-root", $"{_store.Root}/root"]);
        _daemon = await HarmoniaDaemon.StartAsync(_store);
        Directory.CreateDirectory($"{_source.Root}/many");
        for (int i = 0; i < Paths; i++)
        {
            Directory.CreateDirectory($"{_source.Root}/many/tree{i}");
            await File.WriteAllTextAsync($"{_source.Root}/many/tree{i}/file", new string('x', 10_000) + i.ToString(CultureInfo.InvariantCulture));
        }

        _trees = await _source.RunAsync("nix-store", ["--add", .. Directory.GetDirectories($"{_source.Root}/many")]);
        for (int i = 0; i < Rounds; i++)
        {
            _chains[i] = await _source.InstantiateAsync($$"""
                let d = n: derivation { name = "d{{i}}-${toString n}"; system = "none"; builder = "none"; input = if n == 0 then "" else d (n - 1); };
                in builtins.genList d 30
                """);
        }
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _daemon.DisposeAsync();
        _store.Dispose();
        _source.Dispose();
    }

    [Test]
    public async Task Nix_collects_while_we_write()
    {
        await CollectBesideAsync(_store.Environment, _daemon.ClientEnvironment["NIX_REMOTE"]!);

        // Nix reads permanent roots before temporary ones. If a client finishes in between, Nix may delete its path despite the new root.
        await CopyAsync(_daemon.ClientEnvironment["NIX_REMOTE"]!, All);
        await AssertKeptAsync(_store.Environment);
    }

    [Test]
    public async Task We_collect_while_Nix_writes()
    {
        await CollectBesideAsync(_daemon.ClientEnvironment, _store.Environment["NIX_REMOTE"]!);
        await AssertKeptAsync(_daemon.ClientEnvironment);
    }

    [Test]
    public async Task We_collect_while_we_write()
    {
        await CollectBesideAsync(_daemon.ClientEnvironment, _daemon.ClientEnvironment["NIX_REMOTE"]!);
        await AssertKeptAsync(_daemon.ClientEnvironment);
    }

    [Test]
    public async Task A_collector_that_is_killed_leaves_no_valid_path_without_files()
    {
        await CopyAsync(_daemon.ClientEnvironment["NIX_REMOTE"]!, All);
        int all = StoreContents.Rows(_store).Length;
        Task<CommandResult> collection = CollectAsync(_daemon.ClientEnvironment);
        await _daemon.Program.WaitUntilAsync(() => Task.FromResult(StoreContents.Rows(_store).Length < all || collection.IsCompleted));
        await _daemon.Program.KillAsync();
        await collection;

        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
        await _daemon.StartAsync();
        Assert.That((await CollectAsync(_daemon.ClientEnvironment)).ExitCode, Is.Zero);
        Assert.That(StoreContents.Rows(_store), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(_store.RealStoreDirectory).Select(Path.GetFileName), Is.SubsetOf(new[] { ".links" }));
    }

    /// <summary>Every second path.</summary>
    private IEnumerable<string> Kept => All.Where((_, number) => number % 2 == 0);

    /// <summary>Collects repeatedly while the same trees and new derivations are copied to the store.</summary>
    private async Task CollectBesideAsync(IReadOnlyDictionary<string, string?> collector, string destination)
    {
        foreach (string path in Kept)
            File.CreateSymbolicLink($"{_store.StateDirectory}/gcroots/{Path.GetFileName(path)}", path);

        bool isOver = false;
        Task collecting = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                CommandResult result = await CollectAsync(collector);
                Assert.That(result.ExitCode, Is.Zero, result.Errors);
            }
        });
        try
        {
            foreach (string[] chain in _chains)
                await CopyAsync(destination, [.. _trees, .. chain]);
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await collecting;
        }

        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
    }

    private async Task AssertKeptAsync(IReadOnlyDictionary<string, string?> collector)
    {
        Assert.That(await _store.QueryAllAsync(), Is.SupersetOf(Kept));
        Assert.That((await CollectAsync(collector)).ExitCode, Is.Zero);
        Assert.That(
            await _store.QueryAllAsync(), Is.EquivalentTo(await _source.RunAsync("nix-store", ["--query", "--requisites", .. Kept])));
        Assert.That(StoreContents.Strays(_store), Is.Empty);
        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
    }

    private Task<CommandResult> CollectAsync(IReadOnlyDictionary<string, string?> environment) =>
        Command.TryRunAsync(_store.Release.Program("nix-store"), ["--gc"], environment);

    private Task<CommandResult> CopyAsync(string destination, string[] paths) => Command.RunAsync(
        _source.Release.Program("nix"), ["copy", "--no-check-sigs", "--to", destination, .. paths], _source.Environment);
}
