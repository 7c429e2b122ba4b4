using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>
/// The power is cut, at a later call each time: all that would change a file fail from then on. Afterwards the store is whole, and what was
/// to be done can be done.
/// </summary>
[Category("Nix")]
public sealed class PowerCutTests
{
    private const string Expression = """
        let d = name: input: derivation { inherit name input; system = "none"; builder = "none"; outputs = [ "out" "dev" ]; };
        in d "second" (d "first" (builtins.toFile "source" "text"))
        """;

    private RealNixStore _source = null!;
    private RealNixStore _store = null!;
    private PowerSwitch _power = null!;
    private HarmoniaDaemon _daemon = null!;
    private string _tree = "";
    private string[] _paths = [];

    [SetUp]
    public async Task StartAsync()
    {
        _source = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        _store = await RealNixStore.CreateAsync(NixRelease.Forky, RealNixStoreLayout.Chroot);
        _tree = $"{_source.Root}/home/tree";
        await Command.RunAsync("/bin/sh", ["-e", "-c", """
            mkdir -p "$0/a/b" && echo same > "$0/one" && echo same > "$0/a/two" && ln -s one "$0/l" && head -c 300000 /dev/zero > "$0/a/b/large"
            """, _tree]);
        string[] derivations = await _source.InstantiateAsync(Expression);
        _paths = await _source.RunAsync("nix-store", "--query", "--requisites", derivations[0], await _source.AddTreeAsync(_tree));
        await Command.RunAsync(HarmoniaProgram.Path("harmonia-daemon"), ["init", "--store-root", $"{_store.Root}/root"]);
        _power = await PowerSwitch.CreateAsync();
        _daemon = await HarmoniaDaemon.StartAsync(_store, "fsync_store_paths = true\nauto_optimise_store = true", _power.Launcher);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _daemon.DisposeAsync();
        _power.Dispose();
        _store.Dispose();
        _source.Dispose();
    }

    [Test]
    public async Task While_many_paths_are_added() => await CutAgainAndAgainAsync(NothingAsync, CopyAsync, AssertWholeAsync);

    [Test]
    public async Task While_one_path_after_the_other_is_added()
    {
        // The output goes to a file: a writer to a pipe would fail when nobody reads it any more.
        string export = $"{_source.Root}/home/export";
        await File.WriteAllBytesAsync(export, (await Command.RunAsync(Program("nix-store"), ["--export", .. _paths], _source.Environment)).Output);
        await CutAgainAndAgainAsync(
            NothingAsync,
            () => Command.TryRunAsync("/bin/sh", ["-c", "\"$0\" --import < \"$1\"", Program("nix-store"), export], _daemon.ClientEnvironment),
            () => Task.CompletedTask);
    }

    [Test]
    public async Task While_a_tree_is_added() =>
        await CutAgainAndAgainAsync(NothingAsync, () => RunAsync("nix-store", "--add", _tree), () => Task.CompletedTask);

    [Test]
    public async Task While_derivations_are_written() =>
        await CutAgainAndAgainAsync(NothingAsync, () => RunAsync("nix-instantiate", "-E", Expression), () => Task.CompletedTask);

    [Test]
    public async Task While_paths_are_signed() => await CutAgainAndAgainAsync(
        CopyAsync,
        () => RunAsync("nix", ["store", "sign", "--key-file", $"{_source.Root}/etc/secret-key", .. _paths]),
        () =>
        {
            Assert.That(StoreContents.Rows(_store).Count(row => row.Contains(" harmonia-tests-1:", StringComparison.Ordinal)), Is.EqualTo(_paths.Length));
            return Task.CompletedTask;
        });

    [Test]
    public async Task While_garbage_is_collected() => await CutAgainAndAgainAsync(CopyAsync, CollectAsync, () => Task.CompletedTask);

    [Test]
    public async Task While_the_store_is_optimised() => await CutAgainAndAgainAsync(
        async () =>
        {
            CommandResult copy = await CopyAsync();
            Directory.Delete($"{_store.RealStoreDirectory}/.links", recursive: true);
            return copy;
        },
        () => RunAsync("nix-store", "--optimise"),
        AssertWholeAsync);

    private async Task CutAgainAndAgainAsync(Func<Task<CommandResult>> prepare, Func<Task<CommandResult>> change, Func<Task> check)
    {
        int cuts = 0;
        for (int calls = 0, round = 0; ; calls += 1 + (calls / 5), round++)
        {
            Succeeded(await prepare());
            _power.CutAfter(calls);
            CommandResult result = await change();
            if (!_power.Restore())
            {
                Succeeded(result);
                break;
            }

            cuts++;
            if (round % 3 != 0)
            {
                await _daemon.Program.KillAsync();
                await _daemon.StartAsync();
            }

            Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty, $"{calls} calls\n{result.Errors}");
            Succeeded(await change());
            await check();
            Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty, $"{calls} calls, and all after them");
            Succeeded(await CollectAsync());
            Assert.That(StoreContents.Rows(_store), Is.Empty);
            Assert.That(Directory.GetFileSystemEntries(_store.RealStoreDirectory).Select(Path.GetFileName), Is.SubsetOf(new[] { ".links" }), $"{calls} calls");
        }

        TestContext.Out.WriteLine($"{cuts} cuts");
        Assert.That(cuts, Is.GreaterThan(5));
    }

    private Task AssertWholeAsync()
    {
        Assert.That(StoreContents.Rows(_store), Is.EqualTo(StoreContents.Rows(_source)));
        return Task.CompletedTask;
    }

    private static Task<CommandResult> NothingAsync() => Task.FromResult(new CommandResult(0, [], ""));

    private Task<CommandResult> CopyAsync() => Command.TryRunAsync(
        Program("nix"), ["copy", "--to", _daemon.ClientEnvironment["NIX_REMOTE"]!, .. _paths], _source.Environment);

    private Task<CommandResult> CollectAsync() => RunAsync("nix-store", "--gc");

    private Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        Command.TryRunAsync(Program(program), arguments, _daemon.ClientEnvironment);

    private string Program(string name) => _store.Release.Program(name);

    private static void Succeeded(CommandResult result) => Assert.That(result.ExitCode, Is.Zero, result.Errors);
}
