using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>
/// Real clients maintain a store through harmonia-daemon and through their own daemon. The output and the stores must be equal.
/// </summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class DaemonCareTests(NixRelease release)
{
    private const string Expression = """
        let d = a: derivation ({ system = builtins.currentSystem; builder = "/bin/sh"; PATH = "/usr/bin:/bin"; } // a);
            library = d { name = "library"; args = [ "-c" "mkdir -p $out/lib && echo same > $out/lib/one && cp $out/lib/one $out/lib/two && ln -s one $out/lib/l" ]; };
        in d { name = "top"; outputs = [ "out" "dev" ];
               args = [ "-c" "mkdir $out && echo same > $out/same && echo ${library} > $out/uses && ln -s one $out/l && : > $out/empty && echo $out > $dev && echo built" ]; }
        """;

    private TwinStores _twins = null!;
    private string _top = "";
    private string _dev = "";
    private string _library = "";
    private string _alone = "";

    [SetUp]
    public async Task StartAsync() => _twins = await TwinStores.StartAsync(release, FillAsync);

    [TearDown]
    public async Task StopAsync() => await _twins.DisposeAsync();

    [Test]
    public async Task Optimising_links_the_same_files([Values] bool oldCommand)
    {
        if (oldCommand)
            await _twins.RunAsync("nix-store", "--optimise");
        else
            await _twins.RunAsync("nix", "store", "optimise");

        await _twins.AssertSameContentsAsync();
        Assert.That((await TwinStores.LinkedFilesAsync(_twins.Ours)).Count(group => group.Split(' ').Length > 2), Is.GreaterThanOrEqualTo(2));
        CommandResult again = await Command.RunAsync(release.Program("nix-store"), ["--optimise"], _twins.Ours.Environment);
        Assert.That(again.Errors, Does.Contain("freed by hard-linking 0 files"), "Nix has nothing more to do.");
        Assert.That(await StoreContents.VerifyAsync(_twins.Ours), Is.Empty);
    }

    [Test]
    public async Task What_Nix_has_optimised_needs_nothing_more()
    {
        await _twins.Ours.RunAsync("nix-store", "--optimise");
        string[] before = await TwinStores.LinkedFilesAsync(_twins.Ours);

        CommandResult ours = await Command.RunAsync(release.Program("nix-store"), ["--optimise"], _twins.Harmonia.ClientEnvironment);

        Assert.That(ours.Errors, Does.Contain("freed by hard-linking 0 files"));
        Assert.That(await TwinStores.LinkedFilesAsync(_twins.Ours), Is.EqualTo(before));
    }

    [Test]
    public async Task What_is_added_is_optimised_alike()
    {
        await using TwinStores target = await TwinStores.StartAsync(
            release, configuration: ("auto-optimise-store = true", "auto_optimise_store = true"));
        string[] paths = await _twins.Ours.RunAsync("nix-store", "--query", "--requisites", _top, _dev);
        CommandResult export = await Command.RunAsync(release.Program("nix-store"), ["--export", .. paths], _twins.Ours.Environment);

        await target.ImportAsync(export.Output);

        await target.AssertSameContentsAsync();
        Assert.That((await TwinStores.LinkedFilesAsync(target.Ours)).Count(group => group.Split(' ').Length > 2), Is.GreaterThanOrEqualTo(2));
        Assert.That(await StoreContents.VerifyAsync(target.Ours), Is.Empty);
    }

    [Test]
    public async Task Optimising_works_while_Nix_is_running()
    {
        IReadOnlyDictionary<string, string?>[] environments =
            [_twins.Harmonia.ClientEnvironment, _twins.Harmonia.ClientEnvironment, _twins.Ours.Environment];
        CommandResult[] results = await Task.WhenAll(
            environments.Select(environment => Command.TryRunAsync(release.Program("nix-store"), ["--optimise"], environment)));

        Assert.That(results.Select(result => result.ExitCode), Is.All.Zero, string.Join('\n', results.Select(result => result.Errors)));
        await _twins.Ours.RunAsync("nix-store", "--optimise");
        await Command.RunAsync(release.Program("nix-store"), ["--optimise"], _twins.Theirs.Environment);
        await _twins.AssertSameContentsAsync();
        Assert.That(await StoreContents.VerifyAsync(_twins.Ours), Is.Empty);
    }

    [Test]
    public async Task A_whole_store_is_found_whole()
    {
        await _twins.RunAsync("nix-store", "--optimise");
        foreach (string[] flags in new string[][] { [], ["--check-contents"], ["--check-contents", "--repair"] })
            Assert.That(await _twins.RunAsync("nix-store", ["--verify", .. flags], "modified", "disappeared", "error", "warning"), Is.Empty);
        await _twins.RunAsync("nix-store", "--verify-path", _top, _library);
        await _twins.RunAsync("nix", "store", "verify", "--all", "--no-trust");
        await _twins.AssertSameContentsAsync();
    }

    [Test]
    public async Task A_damaged_store_is_found_damaged()
    {
        await _twins.RunAsync("nix-store", "--optimise");
        await _twins.DamageAsync($"""
            chmod u+w {Path.GetFileName(_dev)} && echo changed > {Path.GetFileName(_dev)} && chmod 444 {Path.GetFileName(_dev)}
            chmod -R u+w {Path.GetFileName(_library)} && rm -r {Path.GetFileName(_library)}
            rm {Path.GetFileName(_alone)}
            """);

        Assert.That(await _twins.RunAsync("nix-store", ["--verify"], "path '"), Has.Length.EqualTo(2));
        Assert.That(await _twins.RunAsync("nix-store", ["--verify", "--check-contents"], "path '"), Has.Length.EqualTo(2));
        Assert.That(await _twins.Ours.QueryAllAsync(), Does.Not.Contain(_alone).And.Contain(_library));
        await _twins.RunAsync("nix-store", "--verify-path", _top, _dev);

        // Nix builds it again.
        CommandResult repair = await Command.TryRunAsync(
            release.Program("nix-store"), ["--verify", "--check-contents", "--repair"], _twins.Harmonia.ClientEnvironment);
        Assert.That(repair.ExitCode, Is.EqualTo(1));
        Assert.That(repair.Errors, Does.Contain("removed link").And.Contain($"cannot repair path '{_dev}'").And.Contain($"cannot repair path '{_library}'"));
    }

    [Test]
    public async Task Exports_are_the_same_bytes_and_are_imported_alike()
    {
        string[] export = ["--export", .. await _twins.RunAsync("nix-store", "--query", "--requisites", _top, _dev)];
        CommandResult ours = await Command.RunAsync(release.Program("nix-store"), export, _twins.Harmonia.ClientEnvironment);
        CommandResult direct = await Command.RunAsync(release.Program("nix-store"), export, _twins.Ours.Environment);
        Assert.That(ours.Output.AsSpan().SequenceEqual(direct.Output));

        await using TwinStores target = await TwinStores.StartAsync(release);
        await target.ImportAsync(ours.Output);

        Assert.That(StoreContents.Rows(target.Ours), Is.Not.Empty);
        await target.AssertSameContentsAsync();
        Assert.That(await StoreContents.VerifyAsync(target.Ours), Is.Empty);
    }

    [Test]
    public async Task Signatures_are_added_alike()
    {
        await _twins.RunAsync("nix", "store", "sign", "--key-file", "{root}/etc/secret-key", "--all");
        await _twins.RunAsync("nix", "path-info", "--recursive", "--sigs", _top, _alone);
        await _twins.RunAsync("nix", "store", "verify", "--all", "--trusted-public-keys", _twins.Ours.PublicKey.Trim());
        await _twins.AssertSameContentsAsync();
    }

    [TestCase("--tree")]
    [TestCase("--graphml")]
    [TestCase("--include-outputs", "--requisites")]
    [TestCase("--use-output", "--references")]
    [TestCase("--force-realise", "--outputs")]
    public async Task Queries_of_a_derivation_agree(params string[] flags) =>
        await _twins.RunAsync("nix-store", ["--query", .. flags, (await _twins.Ours.InstantiateAsync(Expression)).First()]);

    [Test]
    public async Task Logs_are_read_alike()
    {
        Assert.That(await _twins.RunAsync("nix-store", "--read-log", _top), Does.Contain("built"));
        await _twins.RunAsync("nix", "log", _top);
    }

    [Test]
    public async Task Closures_go_both_ways([Values] bool overSsh)
    {
        await using TwinStores target = await TwinStores.StartAsync(release);
        string there = (overSsh ? target.Harmonia.SshClientEnvironment : target.Harmonia.ClientEnvironment)["NIX_REMOTE"]!;
        string from = $"local?root={_twins.Ours.Root}/root";
        string back = $"local?root={target.Theirs.Root}/root";

        foreach ((string source, string destination) in new[] { (from, there), (there, back) })
        {
            CommandResult copy = await Command.TryRunAsync(
                release.Program("nix"), ["copy", "--no-check-sigs", "-L", "--from", source, "--to", destination, _top, _dev], target.Harmonia.SshClientEnvironment);
            Assert.That(copy.ExitCode, Is.Zero, copy.Errors);
        }

        Assert.That(await target.Ours.QueryAllAsync(), Is.EquivalentTo(await target.Theirs.QueryAllAsync()).And.Contain(_library));
        Assert.That(await StoreContents.VerifyAsync(target.Ours), Is.Empty);
    }

    private async Task FillAsync(RealNixStore store)
    {
        string[] built = await store.BuildAsync(Expression);
        _dev = built.Single(path => path.EndsWith("-top-dev", StringComparison.Ordinal));
        _top = built.Single(path => path.EndsWith("-top", StringComparison.Ordinal));
        _library = (await store.RunAsync("nix-store", "--query", "--references", _top)).Single(path => path.EndsWith("-library", StringComparison.Ordinal));
        _alone = await store.AddFileAsync("alone", "alone\n");
    }
}
