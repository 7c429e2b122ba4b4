using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Real clients use our daemon and Nix's on copies of one store. Their output and the stores afterwards must be the same.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class GcNixTests(NixRelease release)
{
    private const string Expression = """
        let d = name: text: derivation { inherit name text; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo $text $out > $out" ]; };
        in [ (d "top" (d "library" "deep")) (d "other" "x") (d "lonely" (d "beneath" "y")) ]
        """;

    private RealNixStore _ours = null!;
    private RealNixStore _theirs = null!;
    private RealNixDaemon _nix = null!;
    private HarmoniaDaemon _daemon = null!;
    private string[] _paths = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _ours = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        _theirs = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        _paths = await _theirs.BuildAsync(Expression);
        await Command.RunAsync("cp", ["-a", $"{_theirs.Root}/root/.", $"{_ours.Root}/root/"]);
        foreach (RealNixStore store in new[] { _ours, _theirs })
        {
            Directory.CreateDirectory($"{store.StateDirectory}/gcroots/auto");
            Link($"{store.StateDirectory}/gcroots/direct", Find("top"));
            Link($"{store.Root}/result", Find("other"));
            Link($"{store.StateDirectory}/gcroots/auto/indirect", $"{store.Root}/result");
            Link($"{store.StateDirectory}/gcroots/auto/stale", $"{store.Root}/nothing");
            Link($"{store.StateDirectory}/profiles/system-1-link", Find("top"));
        }

        _daemon = await HarmoniaDaemon.StartAsync(_ours);
        _nix = RealNixDaemon.Start(_theirs);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _daemon.DisposeAsync();
        _nix.Dispose();
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Test]
    public async Task Roots_and_what_they_keep_are_listed_as_by_Nix()
    {
        string[] roots = await RunOnBothAsync("nix-store", "--gc", "--print-roots");
        Assert.That(roots.Where(line => line.Contains(" -> ", StringComparison.Ordinal)), Has.Exactly(3).Items);
        Assert.That(Directory.GetFileSystemEntries($"{_ours.StateDirectory}/gcroots/auto"), Has.Length.EqualTo(1));
        Assert.That(Paths(await RunOnBothAsync("nix-store", "--gc", "--print-live")), Has.Exactly(6).Items);
        Assert.That(Paths(await RunOnBothAsync("nix-store", "--gc", "--print-dead")), Has.Exactly(4).Items);
        foreach (string[] settings in new string[][] { ["keep-derivations", "false"], ["keep-outputs", "true"] })
            await RunOnBothAsync("nix-store", ["--gc", "--print-dead", "--option", .. settings]);
        Assert.That(await RunOnBothAsync("nix-store", "--query", "--roots", Find("other")), Is.EqualTo(new[] { $"ROOT/result -> {Find("other")}" }));
    }

    [Test]
    public async Task Certain_paths_are_deleted_as_by_Nix()
    {
        await RunOnBothAsync("nix-store", "--delete", Find("top"));
        await RunOnBothAsync("nix", "store", "delete", Find("top"), Find("lonely"));
        await RunOnBothAsync("nix-store", "--delete", Find("lonely"));
        await RunOnBothAsync("nix-store", "--delete", "--ignore-liveness", Find("other"));
        await AssertSameStoresAsync();
    }

    [Test]
    public async Task Garbage_is_deleted_as_by_Nix()
    {
        foreach (RealNixStore store in new[] { _ours, _theirs })
        {
            File.WriteAllText($"{store.RealStoreDirectory}/stray", "x");
            Directory.CreateDirectory($"{store.RealStoreDirectory}/tmp-1-1");
            File.WriteAllText($"{store.RealStoreDirectory}/{new string('a', 32)}-unfinished", "x");
            File.WriteAllText($"{store.RealStoreDirectory}/{new string('a', 32)}-unfinished.lock", "");
        }

        Assert.That((await RunOnBothAsync("nix-store", "--gc")).Length, Is.GreaterThan(8));
        Assert.That(await _ours.QueryAllAsync(), Has.Length.EqualTo(6));
        await RunOnBothAsync("nix", "store", "gc");
        await AssertSameStoresAsync();

        foreach (RealNixStore store in new[] { _ours, _theirs })
            File.Delete($"{store.StateDirectory}/gcroots/direct");
        File.Delete($"{_ours.StateDirectory}/profiles/system-1-link");
        File.Delete($"{_theirs.StateDirectory}/profiles/system-1-link");
        await RunOnBothAsync("nix", "store", "gc", "-v");
        await AssertSameStoresAsync();
        Assert.That(await _ours.QueryAllAsync(), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_limit_ends_it_after_the_path_that_exceeds_it()
    {
        CommandResult result = await Command.RunAsync(release.Program("nix-store"), ["--gc", "--max-freed", "1"], _daemon.ClientEnvironment);

        Assert.That(result.Text + result.Errors, Does.Contain("1 store paths deleted"));
        Assert.That(await _ours.QueryAllAsync(), Has.Length.EqualTo(9));
        Assert.That(await StoreContents.VerifyAsync(_ours), Is.Empty);
    }

    [Test]
    public async Task An_addition_makes_room_when_the_disk_is_nearly_full()
    {
        await using HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(_ours, $"min_free = {long.MaxValue - 1}");
        File.WriteAllText($"{_ours.Root}/file", "x");
        string added = (await Command.RunAsync(release.Program("nix-store"), ["--add", $"{_ours.Root}/file"], daemon.ClientEnvironment)).SortedLines.Single();

        Assert.That(await _ours.QueryAllAsync(), Has.Length.EqualTo(7).And.Contains(added));
        Assert.That(daemon.Program.Log, Does.Contain("Deleted 4 paths"));
    }

    private static void Link(string link, string target) => File.CreateSymbolicLink(link, target);

    private static IEnumerable<string> Paths(string[] lines) => lines.Where(line => line.StartsWith("/nix/store/", StringComparison.Ordinal));

    private string Find(string name) => _paths.Single(path => path.EndsWith($"-{name}", StringComparison.Ordinal));

    /// <summary>Compares exit codes, sorted lines and errors, except for notes and warnings that only one of them prints.</summary>
    private async Task<string[]> RunOnBothAsync(string program, params string[] arguments)
    {
        CommandResult ours = await Command.TryRunAsync(release.Program(program), arguments, _daemon.ClientEnvironment);
        CommandResult theirs = await Command.TryRunAsync(release.Program(program), arguments, _nix.ClientEnvironment);
        Assert.That(Said(ours, _ours), Is.EqualTo(Said(theirs, _theirs)), $"{program} {string.Join(' ', arguments)}");
        Assert.That(ours.ExitCode, Is.EqualTo(theirs.ExitCode), ours.Errors);
        return [.. Said(ours, _ours)];
    }

    private static IEnumerable<string> Said(CommandResult result, RealNixStore store) =>
        (result.Text + result.Errors).Replace(store.Root, "ROOT", StringComparison.Ordinal).Replace('"', '\'').Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("note: ", StringComparison.Ordinal) && !line.StartsWith("warning: ", StringComparison.Ordinal))
            .Select(line => line.Split(" To find out why")[0])
            .Order(StringComparer.Ordinal);

    private async Task AssertSameStoresAsync()
    {
        Assert.That(StoreContents.Rows(_ours), Is.Not.Empty.And.EqualTo(StoreContents.Rows(_theirs)));
        Assert.That(await StoreContents.FilesAsync(_ours), Is.EqualTo(await StoreContents.FilesAsync(_theirs)));
        Assert.That(await StoreContents.VerifyAsync(_ours), Is.Empty);
    }
}
