using System.Text.Json;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary><c>harmonia-daemon gc</c> through our daemon and through each Nix: what it announces is what it deletes.</summary>
[Category("Nix")]
[TestFixtureSource(nameof(Daemons))]
public sealed class GcCommandTests(NixRelease release, bool isNix)
{
    private GarbageStore _garbage = null!;

    private static IEnumerable<TestFixtureData> Daemons =>
        from release in NixRelease.All
        from isNix in (bool[])[false, true]
        where isNix || release != NixRelease.Trixie
        select new TestFixtureData(release, isNix);

    [SetUp]
    public async Task BeginAsync() => _garbage = await GarbageStore.CreateAsync(release);

    [TearDown]
    public async Task EndAsync() => await _garbage.DisposeAsync();

    [TestCase("keep-derivations = true")]
    [TestCase("keep-derivations = false")]
    [TestCase("keep-outputs = true")]
    public async Task Old_generations_are_deleted_and_with_them_what_only_they_keep(string settings)
    {
        await _garbage.DisposeAsync();
        _garbage = await GarbageStore.CreateAsync(release, settings);
        string[] built = await _garbage.Store.BuildAsync("""
            let d = name: text: derivation { inherit name text; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo $text $out > $out" ]; };
            in [ (d "first" (d "library" "x")) (d "second" (d "library" "x")) (d "third" (d "shared" "y")) (d "unused" "z") (d "old" (d "shared" "y")) ]
            """);
        string Find(string name) => built.Single(path => path.EndsWith($"-{name}", StringComparison.Ordinal));
        await _garbage.SwitchAsync("system", Find("old"), 90);
        await _garbage.SwitchAsync("system", Find("first"), 60);
        await _garbage.SwitchAsync("system", Find("second"), 40);
        await _garbage.SwitchAsync("system", Find("third"), 1);
        await _garbage.StartAsync(isNix);
        string[] before = await _garbage.Store.QueryAllAsync();

        JsonElement foreseen = await _garbage.ReportAsync("--delete-older-than", "30d", "--dry-run");
        Assert.That(await _garbage.Store.QueryAllAsync(), Is.EqualTo(before));
        Assert.That(_garbage.ProfileNames, Has.Length.EqualTo(5));
        JsonElement done = await _garbage.ReportAsync("--delete-older-than", "30d");

        // The second was current 30 days ago.
        Assert.That(_garbage.ProfileNames, Is.EqualTo(new[] { "system", "system-3-link", "system-4-link" }));
        Assert.That(GarbageStore.PathsOf(foreseen), Is.EquivalentTo(GarbageStore.PathsOf(done)));
        Assert.That(GarbageStore.PathsOf(done), Has.Some.EndsWith("-first").And.Some.EndsWith("-old").And.Some.EndsWith("-unused"));
        string[] after = await _garbage.Store.QueryAllAsync();
        Assert.That(after, Is.EquivalentTo(before.Except(GarbageStore.PathsOf(done))));
        Assert.That(after, Has.Some.EndsWith("-library").And.Some.EndsWith("-shared").And.Some.EndsWith("-second"));
        Assert.That(foreseen.GetProperty("narSize").GetInt64(), Is.Positive.And.EqualTo(done.GetProperty("narSize").GetInt64()));
        Assert.That(await StoreContents.VerifyAsync(_garbage.Store), Is.Empty);
    }

    [Test]
    public async Task Recent_paths_are_kept_and_what_they_refer_to()
    {
        string[] built = await _garbage.Store.BuildAsync("""
            let d = name: text: derivation { inherit name text; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo $text $out > $out" ]; };
            in [ (d "recent" (d "needed" "x")) (d "stale" "y") ]
            """);
        foreach (string path in (await _garbage.Store.QueryAllAsync()).Where(path => !path.EndsWith("-recent", StringComparison.Ordinal)))
            _garbage.Age(path, 3);
        await _garbage.StartAsync(isNix);

        JsonElement foreseen = await _garbage.ReportAsync("--keep-recent", "2d", "--dry-run");
        JsonElement done = await _garbage.ReportAsync("--keep-recent", "2d");

        string[] left = await _garbage.Store.QueryAllAsync();
        Assert.That(left, Has.Some.EndsWith("-recent").And.Some.EndsWith("-needed"));
        Assert.That(left, Has.None.EndsWith("-stale"));
        Assert.That(GarbageStore.PathsOf(foreseen), Is.EquivalentTo(GarbageStore.PathsOf(done)).And.Some.EndsWith("-stale"));
        Assert.That(GarbageStore.PathsOf(done, "kept"), Is.EquivalentTo(left));
        Assert.That(built, Has.Length.EqualTo(2));

        JsonElement all = await _garbage.ReportAsync();
        Assert.That(GarbageStore.PathsOf(all), Is.EquivalentTo(left));
    }

    [Test]
    public async Task What_a_client_keeps_meanwhile_stays()
    {
        string held = await _garbage.Store.AddFileAsync("held", "x");
        string free = await _garbage.Store.AddFileAsync("free", "y");
        await _garbage.StartAsync(isNix);
        using (DaemonClient client = await _garbage.ConnectAsync())
        {
            await client.AddTempRootAsync(StorePath.Parse(Path.GetFileName(held)), default);

            Assert.That(GarbageStore.PathsOf(await _garbage.ReportAsync("--dry-run")), Is.EqualTo(new[] { free }));
            Assert.That(GarbageStore.PathsOf(await _garbage.ReportAsync()), Is.EqualTo(new[] { free }));
            CommandResult nothing = await _garbage.CollectAsync();
            Assert.That(nothing.Text, Does.Contain("No garbage was deleted: there is none.").And.Contain("1 path that clients keep while they work"));
        }

        Assert.That(await _garbage.Store.QueryAllAsync(), Is.EqualTo(new[] { held }));
        await Patience.UntilAsync(async () => GarbageStore.PathsOf(await _garbage.ReportAsync()).Contains(held));
        Assert.That(await _garbage.Store.QueryAllAsync(), Is.Empty);
    }

    [Test]
    public async Task A_limit_ends_it_and_a_dry_run_says_so()
    {
        await _garbage.Store.AddFileAsync("one", new string('x', 5000));
        await _garbage.Store.AddFileAsync("two", new string('y', 5000));
        await _garbage.StartAsync(isNix);

        CommandResult foreseen = await _garbage.CollectAsync("--max-freed", "1K", "--dry-run");
        CommandResult done = await _garbage.CollectAsync("--max-freed", "1K");

        Assert.That(foreseen.Text, Does.StartWith("Would delete as many of 2 paths as it takes to free 1.00 KiB. All together have 9.98 KiB:\n"));
        Assert.That(done.Text, Does.StartWith("Deleted 1 path and freed 4.88 KiB."), done.Errors);
        Assert.That(done.Errors, Is.EqualTo("looking for garbage\nreading sizes\ndeleting 2 paths\n"), "What each daemon says besides is no news.");
        Assert.That(await _garbage.Store.QueryAllAsync(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Leftovers_and_links_of_other_directories_are_honoured()
    {
        string kept = await _garbage.Store.AddFileAsync("kept", "x");
        string indirect = await _garbage.Store.AddFileAsync("indirect", "x");
        await _garbage.Store.AddFileAsync("gone", "x");
        string leftover = $"{_garbage.Store.StoreDirectory}/{new string('a', 32)}-leftover";
        File.WriteAllText(leftover, "x");
        string roots = Directory.CreateDirectory($"{_garbage.Store.Root}/roots/inner").Parent!.FullName;
        File.CreateSymbolicLink($"{roots}/direct", kept);
        File.CreateSymbolicLink($"{_garbage.Store.Root}/result", indirect);
        File.CreateSymbolicLink($"{roots}/inner/result", $"{_garbage.Store.Root}/result");
        File.CreateSymbolicLink($"{roots}/dangling", $"{_garbage.Store.Root}/nothing");
        await _garbage.StartAsync(isNix);

        CommandResult missing = await _garbage.CollectAsync("--gc-roots-dir", $"{roots}/nothing");
        Assert.That((missing.ExitCode, missing.Text), Is.EqualTo((1, "")));
        Assert.That(missing.Errors, Does.Contain($"expected a directory, but {roots}/nothing is none"));
        JsonElement done = await _garbage.ReportAsync("--gc-roots-dir", roots);

        Assert.That(await _garbage.Store.QueryAllAsync(), Is.EquivalentTo(new[] { kept, indirect }));
        Assert.That(File.Exists(leftover), Is.False);
        Assert.That(done.GetProperty("paths").EnumerateArray().Single(path => path.GetProperty("path").GetString() == leftover).GetProperty("narSize").ValueKind,
            Is.EqualTo(JsonValueKind.Null));
        Assert.That(GarbageStore.PathsOf(done, "kept"), Is.EquivalentTo(new[] { kept, indirect }));
        Assert.That(new FileInfo($"{roots}/dangling").LinkTarget, Is.Not.Null, "What is not the daemon's is left alone.");
    }

    [Test]
    public async Task What_unreadable_directories_may_keep_is_not_deleted()
    {
        string kept = await _garbage.Store.AddFileAsync("kept", "x");
        string roots = Directory.CreateDirectory($"{_garbage.Store.Root}/roots/inner").Parent!.FullName;
        File.CreateSymbolicLink($"{roots}/inner/direct", kept);
        File.SetUnixFileMode($"{roots}/inner", UnixFileMode.None);
        await _garbage.StartAsync(isNix);
        await Command.RunAsync("chmod", ["0755", _garbage.Store.Root, Path.GetDirectoryName(_garbage.Socket)!]);

        CommandResult result = await Command.TryRunAsync(
            "setpriv",
            [
                "--reuid=65534", "--regid=65534", "--clear-groups", HarmoniaProgram.Path("harmonia-daemon"), "gc",
                "--config", _garbage.Configuration, "--gc-roots-dir", roots, _garbage.Socket,
            ],
            new Dictionary<string, string?>(_garbage.Store.Environment) { ["HOME"] = "/nonexistent" });

        Assert.That((result.ExitCode, result.Text), Is.EqualTo((1, "")));
        Assert.That(result.Errors, Does.Contain($"--gc-roots-dir: cannot read potential root '{roots}/inner'. Nothing was deleted"));
        Assert.That(await _garbage.Store.QueryAllAsync(), Is.EqualTo(new[] { kept }));
    }
}
