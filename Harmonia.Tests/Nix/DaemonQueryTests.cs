using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Real clients get the same replies from harmonia-daemon as from the nix-daemon of their own release.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class DaemonQueryTests(NixRelease release)
{
    private HarmoniaDaemon? _daemon;
    private RealNixDaemon? _reference;

    private static LargeStore Store => LargeStoreSetUp.Store;

    [OneTimeSetUp]
    public async Task StartBothAsync()
    {
        _daemon = await HarmoniaDaemon.StartAsync(Store.Store);
        _reference = RealNixDaemon.Start(Store.Store, release);
    }

    [OneTimeTearDown]
    public async Task StopBothAsync()
    {
        _reference?.Dispose();
        if (_daemon is not null)
            await _daemon.DisposeAsync();
    }

    [TestCase("--references")]
    [TestCase("--referrers")]
    [TestCase("--referrers-closure")]
    [TestCase("--requisites")]
    [TestCase("--deriver")]
    [TestCase("--hash")]
    [TestCase("--size")]
    [TestCase("--graph")]
    public async Task Nix_store_query_of_outputs_agrees(string question) =>
        await AssertSameAsync("nix-store", ["--query", question, Store.Outputs[0], Store.Outputs[3], Store.OddTree]);

    [TestCase("--outputs")]
    [TestCase("--references")]
    [TestCase("--requisites")]
    [TestCase("--referrers")]
    [TestCase("--binding", "name")]
    public async Task Nix_store_query_of_derivations_agrees(params string[] question) =>
        await AssertSameAsync("nix-store", ["--query", .. question, .. Store.DerivationPaths]);

    [Test]
    public async Task The_closure_of_everything_agrees() =>
        await AssertSameAsync("nix-store", ["--query", "--requisites", "--include-outputs", .. Store.DerivationPaths]);

    [Test]
    public async Task Valid_and_invalid_paths_are_distinguished()
    {
        string missing = "/nix/store/00000000000000000000000000000000-missing";
        await AssertSameAsync("nix-store", ["--check-validity", "--print-invalid", Store.Top, missing, Store.OddTree]);
        await AssertSameAsync("nix-store", ["--check-validity", missing]);
        await AssertSameAsync("nix-store", ["--query", "--references", missing]);
    }

    [Test]
    public async Task What_is_already_valid_is_realised_without_a_build() =>
        await AssertSameAsync("nix-store", ["--realise", Store.Top, .. Store.DerivationPaths]);

    [Test]
    public async Task A_dry_run_lists_what_would_be_built_and_nothing_else()
    {
        string[] arguments = ["--realise", "--dry-run", Store.UnbuiltDerivation, .. Store.DerivationPaths];

        CommandResult expected = await RunAsync("nix-store", arguments, _reference!.ClientEnvironment);
        CommandResult actual = await RunAsync("nix-store", arguments, _daemon!.ClientEnvironment);

        Assert.That(expected.Errors, Does.Contain("will be built").And.Contain(Store.UnbuiltDerivation));
        Assert.That(actual.Errors, Is.EqualTo(expected.Errors));
    }

    [Test]
    public async Task Path_info_of_every_path_agrees() => await AssertSameAsync("nix", ["path-info", "--all", "--json"]);

    [Test]
    public async Task Path_info_of_a_closure_agrees() =>
        await AssertSameAsync("nix", ["path-info", "--recursive", "--size", "--closure-size", "--sigs", Store.Outputs[2]]);

    [Test]
    public async Task Files_are_listed_and_read_alike()
    {
        await AssertSameAsync("nix", ["store", "ls", "--recursive", "--json", Store.OddTree]);
        await AssertSameAsync("nix", ["store", "cat", $"{Store.Top}/share/references"]);
    }

    [Test]
    public async Task Build_logs_are_found() => await AssertSameAsync("nix", ["log", Store.Top]);

    [Test]
    public async Task A_tree_dumped_over_ssh_ng_is_the_same_bytes()
    {
        foreach (string path in new[] { Store.Top, Store.Outputs[0], Store.OddTree })
        {
            CommandResult expected = await RunAsync("nix-store", ["--dump", RealPath(path)], _reference!.ClientEnvironment);
            CommandResult actual = await RunAsync("nix", ["store", "dump-path", path], _daemon!.SshClientEnvironment);

            Assert.That(actual.ExitCode, Is.Zero, actual.Errors);
            Assert.That(actual.Output.AsSpan().SequenceEqual(expected.Output), path);
        }
    }

    [Test]
    public async Task Queries_over_ssh_ng_agree()
    {
        string[] arguments = ["path-info", "--recursive", "--json", Store.Outputs[1]];

        CommandResult actual = await RunAsync("nix", arguments, _daemon!.SshClientEnvironment);

        Assert.That(actual.ExitCode, Is.Zero, actual.Errors);
        Assert.That(actual.Text, Is.EqualTo((await RunAsync("nix", arguments, _reference!.ClientEnvironment)).Text));
    }

    private static string RealPath(string path) => Store.Store.RealStoreDirectory + path["/nix/store".Length..];

    private async Task AssertSameAsync(string program, string[] arguments)
    {
        CommandResult expected = await RunAsync(program, arguments, _reference!.ClientEnvironment);
        CommandResult actual = await RunAsync(program, arguments, _daemon!.ClientEnvironment);

        Assert.That(actual.ExitCode, Is.EqualTo(expected.ExitCode), actual.Errors);
        Assert.That(actual.Text, Is.EqualTo(expected.Text), actual.Errors);
        Assert.That(expected.Text.Length + expected.Errors.Length, Is.Positive, "The command said nothing that could be compared.");
    }

    private Task<CommandResult> RunAsync(string program, string[] arguments, IReadOnlyDictionary<string, string?> environment) =>
        Command.TryRunAsync(release.Program(program), arguments, environment);
}
