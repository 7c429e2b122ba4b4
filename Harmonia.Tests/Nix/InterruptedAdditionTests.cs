using System.Diagnostics;
using System.Globalization;
using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>After any interruption of an addition, the store is intact and the next addition succeeds.</summary>
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
    public async Task A_daemon_that_is_killed_again_and_again_leaves_nothing_in_the_way()
    {
        Random random = new(1);
        for (int round = 0; round < 6; round++)
        {
            int files = random.Next(1, 50);
            Task<CommandResult> copy = CopyAsync();
            await _daemon.Program.WaitUntilAsync(() => Task.FromResult(ScratchFiles() >= files || copy.IsCompleted));
            await _daemon.Program.KillAsync();
            await copy;
            Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty, $"round {round}");

            await _daemon.StartAsync();
            await _daemon.Program.WaitUntilAsync(() => Task.FromResult(Scratches().Length == 0));
        }

        Assert.That((await CopyAsync()).ExitCode, Is.Zero);
        Assert.That(StoreContents.Rows(_store), Is.EqualTo(StoreContents.Rows(_source)));
        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
    }

    [Test]
    public async Task A_scratch_directory_in_use_is_left_alone()
    {
        string used = Directory.CreateDirectory($"{_store.RealStoreDirectory}/tmp-1-1").FullName;
        string abandoned = Directory.CreateDirectory($"{_store.RealStoreDirectory}/tmp-1-2").FullName;
        using Process user = Process.Start("flock", [used, "sleep", "infinity"]);
        await Patience.UntilAsync(async () => (await Command.TryRunAsync("flock", ["--nonblock", used, "true"])).ExitCode != 0);
        try
        {
            await _daemon.Program.KillAsync();
            await _daemon.StartAsync();
            await _daemon.Program.WaitUntilAsync(() => Task.FromResult(!Directory.Exists(abandoned)));
            Assert.That(await _daemon.Program.TerminateAsync(), Is.Zero);
            Assert.That(Directory.Exists(used));
        }
        finally
        {
            user.Kill(entireProcessTree: true);
        }
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

    private string[] Scratches() => Directory.GetDirectories(_store.RealStoreDirectory, "tmp-*");

    /// <summary>How many files wait to become valid.</summary>
    private int ScratchFiles()
    {
        try
        {
            return Scratches().Sum(scratch => Directory.GetFiles(scratch).Length);
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
    }

    private Task<CommandResult> CopyAsync() => Command.TryRunAsync(
        _source.Release.Program("nix"), ["copy", "--to", _daemon.ClientEnvironment["NIX_REMOTE"]!, .. _paths], _source.Environment);
}
