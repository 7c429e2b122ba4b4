using Harmonia.Daemon.Database;
using Harmonia.Tests.Daemon.Database;
using Harmonia.Tests.Support;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary><c>harmonia-daemon import</c> does what <c>nix-store --add</c> does, and real Nix finds no errors in its store.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class ImportNixTests(NixRelease release)
{
    private static readonly string[] Samples = ["hello.txt", "tree", "link", "run", "empty", "odd"];

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public async Task MakeFilesAsync()
    {
        _directory = new TemporaryDirectory();

        // With a shell, because .NET cannot create files whose names are not UTF-8.
        await Command.RunAsync("/bin/sh", ["-c", """
            cd "$1" && echo hello > hello.txt && mkdir -p tree/sub empty odd/a/b/c && echo x > tree/sub/x && echo y > tree/y && ln -s sub/x tree/l
            ln -s tree link && printf '#!/bin/sh\n' > run && chmod 755 run
            printf x > "odd/$(printf 'caf\351')" && ln -s "$(printf 'caf\351')" odd/l && : > odd/zero && head -c 3000000 /dev/urandom > odd/a/b/c/large
            printf x > odd/Z && printf x > odd/a.b && printf x > odd/a-b && mkfifo pipe
            """, "sh", _directory.Path]);
    }

    [TearDown]
    public void RemoveFiles() => _directory.Dispose();

    [Test]
    public async Task Paths_and_rows_are_those_of_Nix()
    {
        string[] files = [.. Samples.Select(name => _directory[name])];
        CommandResult ours = await ImportAsync(files);
        CommandResult theirs = await Command.RunAsync(
            release.Program("nix-store"), ["--store", _directory["theirs"], "--add", .. files], NixEnvironment);

        Assert.That(ours.ExitCode, Is.Zero, ours.Errors);
        Assert.That(ours.Text, Is.EqualTo(theirs.Text));
        Assert.That(Rows("ours"), Is.EqualTo(Rows("theirs")));
        Assert.That(await ListingAsync("ours"), Is.EqualTo(await ListingAsync("theirs")));
    }

    [Test]
    public async Task Nix_finds_nothing_wrong_with_the_store()
    {
        Assert.That((await ImportAsync([.. Samples.Select(name => _directory[name])])).ExitCode, Is.Zero);

        CommandResult verified = await Command.RunAsync(
            release.Program("nix-store"), ["--store", _directory["ours"], "--verify", "--check-contents"], NixEnvironment);

        Assert.That(verified.Text, Is.Empty);
        Assert.That(
            verified.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.All.EndsWith("..."), "Only what it is about to do.");
    }

    [Test]
    public async Task Nix_collects_the_garbage_of_the_store()
    {
        Assert.That((await ImportAsync(_directory["tree"], _directory["odd"])).ExitCode, Is.Zero);

        CommandResult collected = await Command.RunAsync(
            release.Program("nix-store"), ["--store", _directory["ours"], "--gc"], NixEnvironment);

        Assert.That(collected.Text, Does.StartWith("2 store paths deleted"));
        Assert.That(Rows("ours"), Is.Empty);
    }

    [Test]
    public async Task A_store_that_Nix_made_is_added_to()
    {
        await Command.RunAsync(release.Program("nix-store"), ["--store", _directory["ours"], "--add", _directory["hello.txt"]], NixEnvironment);

        Assert.That((await ImportAsync(_directory["hello.txt"], _directory["tree"])).ExitCode, Is.Zero);
        Assert.That(Rows("ours"), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Another_store_directory_and_name_give_other_paths()
    {
        CommandResult ours = await Command.TryRunAsync(
            HarmoniaProgram.Path("harmonia-daemon"),
            ["import", "--store-root", _directory["ours"], "--store-dir", "/gnu/store", "--name", "greeting", _directory["hello.txt"]]);

        Assert.That(ours.ExitCode, Is.Zero, ours.Errors);
        Assert.That(ours.Text, Does.Match("^/gnu/store/[0-9a-z]{32}-greeting\n$"));
    }

    [TestCase("pipe", "a NAR has only regular files")]
    [TestCase("missing", "nothing at")]
    public async Task What_cannot_be_added_is_an_error_of_one_line(string name, string problem)
    {
        CommandResult result = await ImportAsync(_directory[name]);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain(_directory[name]).And.Contain(problem));
        Assert.That(result.Errors.TrimEnd('\n'), Does.Not.Contain("\n"));
    }

    private IReadOnlyDictionary<string, string?> NixEnvironment => new Dictionary<string, string?>
    {
        ["HOME"] = _directory["home"],
        ["NIX_CONF_DIR"] = _directory["etc"],
        ["NIX_CONFIG"] = "build-users-group =",
        ["NIX_USER_CONF_FILES"] = "",
    };

    private Task<CommandResult> ImportAsync(params string[] files) =>
        Command.TryRunAsync(HarmoniaProgram.Path("harmonia-daemon"), ["import", "--store-root", _directory["ours"], .. files]);

    /// <summary>Everything the database has of each path but the time.</summary>
    private string[] Rows(string root)
    {
        using SqliteConnection connection = DatabaseConnections.OpenForReading(_directory[$"{root}/nix/var/nix/db/db.sqlite"]);
        return
        [
            .. connection.Query(
                """
                select path || ' ' || hash || ' ' || narSize || ' ' || ca || ' ' || coalesce(deriver, '-') || coalesce(ultimate, '-') || coalesce(sigs, '-')
                from ValidPaths order by path
                """).Select(row => row[0]),
        ];
    }

    /// <summary>Kind, permissions, size, time and target of each file in the store, whose own folders may differ.</summary>
    private async Task<string[]> ListingAsync(string root) =>
        (await Command.RunAsync(
            "find", [_directory[$"{root}/nix/store"], "-mindepth", "1", "-not", "-name", ".links", "-printf", "%P %M %s %T@ %l\n"], new Dictionary<string, string?> { ["LC_ALL"] = "C" })).SortedLines;
}
