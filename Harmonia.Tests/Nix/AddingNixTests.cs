using System.Text.Json;
using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Real clients add paths through our daemon and through Nix's. Afterwards the stores must be equal.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class AddingNixTests(NixRelease release)
{
    private const string Expression = """
        let d = a: derivation ({ system = "x86_64-linux"; builder = "/bin/sh"; } // a);
            source = builtins.toFile "source" "some text ä \" \\ \n";
            fixed = d { name = "fixed"; outputHash = "0000000000000000000000000000000000000000000000000000000000000000"; outputHashAlgo = "sha256"; };
            tree = d { name = "tree"; outputHash = "0000000000000000000000000000000000000000"; outputHashAlgo = "sha1"; outputHashMode = "recursive"; };
            base = d { name = "base"; args = [ "-c" "x" source ]; inherit fixed; outputs = [ "out" "dev" ]; quoted = "a\"b\\c\nd\te\rf é"; };
            twice = d { name = "twice"; a = base.dev; b = base.out; c = tree; };
        in d { name = "top"; inputs = [ base twice fixed ]; }
        """;

    private RealNixStore _ours = null!;
    private RealNixStore _theirs = null!;
    private HarmoniaDaemon _daemon = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _ours = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        _theirs = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        await Command.RunAsync(HarmoniaProgram.Path("harmonia-daemon"), ["init", "--store-root", $"{_ours.Root}/root"]);
        _daemon = await HarmoniaDaemon.StartAsync(_ours);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _daemon.DisposeAsync();
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Test]
    public async Task Files_and_trees_are_added_as_by_Nix()
    {
        string files = await MakeFilesAsync();
        List<string[]> commands =
        [
            ["nix-store", "--add", $"{files}/hello.txt", $"{files}/tree", $"{files}/link", $"{files}/run", $"{files}/empty"],
            ["nix", "store", "add-path", $"{files}/tree", "--name", "named"],
            ["nix", "store", "add-file", $"{files}/hello.txt", "--name", "named-file"],
        ];
        foreach (string algorithm in new[] { "md5", "sha1", "sha256", "sha512" })
        {
            commands.Add(["nix-store", "--add-fixed", algorithm, $"{files}/hello.txt", $"{files}/run"]);
            commands.Add(["nix-store", "--add-fixed", "--recursive", algorithm, $"{files}/tree", $"{files}/hello.txt"]);
            if (release != NixRelease.Bookworm)
            {
                commands.Add(["nix", "store", "add", "--hash-algo", algorithm, "--name", $"nar-{algorithm}", $"{files}/tree"]);
                commands.Add(["nix", "store", "add", "--mode", "flat", "--hash-algo", algorithm, "--name", $"flat-{algorithm}", $"{files}/run"]);
            }
        }

        if (release != NixRelease.Bookworm)
            commands.Add(["nix", "store", "add", "--mode", "text", "--name", "text", $"{files}/hello.txt"]);
        await RunOnBothAsync(commands);
    }

    [Test]
    public async Task Derivations_are_written_as_by_Nix() => await RunOnBothAsync([["nix-instantiate", "-E", Expression]]);

    [Test]
    public async Task Access_lists_of_the_store_are_not_inherited()
    {
        await Command.RunAsync("setfacl", ["--modify", "default:user:nobody:rwx", _ours.RealStoreDirectory]);
        string files = await MakeFilesAsync();

        string path = (await OnOursAsync("nix-store", "--add", $"{files}/tree")).Single();

        string added = $"{_ours.RealStoreDirectory}/{Path.GetFileName(path)}";
        Assert.That((await Command.RunAsync("getfacl", ["--recursive", "--skip-base", "--absolute-names", added])).Text, Is.Empty);
        Assert.That(
            (await Command.RunAsync("find", [added, "-not", "-type", "l", "-printf", "%m\n"])).SortedLines.Distinct(), Is.EqualTo(new[] { "444", "555" }));
    }

    [Test]
    public async Task Closures_are_copied_and_signed_as_by_Nix()
    {
        using RealNixStore source = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        string[] paths = await source.BuildAsync(
            """
            let d = name: text: derivation { inherit name text; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo $text $out > $out" ]; };
            in d "top" (d "library" "deep")
            """);
        string key = $"{source.Root}/etc/secret-key";
        string from = $"local?root={source.Root}/root";
        await RunOnBothAsync(
        [
            ["nix", "copy", "--no-check-sigs", "--from", from, .. paths],
            ["nix", "store", "sign", "--key-file", key, "--recursive", .. paths],
        ]);
    }

    [Test]
    public async Task Content_addressed_paths_that_hold_their_own_path_are_copied_as_by_Nix()
    {
        using RealNixStore source = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        string[] built = await source.BuildAsync(
            """
            derivation { name = "self"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo before $out between $out > $out" ]; }
            """);
        string[] answer = await source.RunAsync("nix", ["store", "make-content-addressed", "--json", .. built]);
        JsonElement rewrites = JsonDocument.Parse(string.Concat(answer)).RootElement.GetProperty("rewrites");
        string path = rewrites.GetProperty(built.Single()).GetString()!;

        await RunOnBothAsync([["nix", "copy", "--from", $"local?root={source.Root}/root", path]]);

        Assert.That(await OnOursAsync("nix-store", "--query", "--references", path), Is.EqualTo(new[] { path }));
    }

    [Test]
    public async Task A_thousand_paths_are_copied_by_one_command()
    {
        using RealNixStore source = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        Directory.CreateDirectory($"{source.Root}/many");
        for (int i = 0; i < 1000; i++)
            await File.WriteAllTextAsync($"{source.Root}/many/file{i}", $"contents {i}\n");
        string[] paths = await source.RunAsync("nix-store", ["--add", .. Directory.GetFiles($"{source.Root}/many")]);

        // In the environment of the source store, which has the paths.
        Dictionary<string, string?> environment = new(source.Environment);
        await Command.RunAsync(release.Program("nix"), ["copy", "--to", _daemon.ClientEnvironment["NIX_REMOTE"]!, .. paths], environment);

        Assert.That(StoreContents.Rows(_ours), Is.EqualTo(StoreContents.Rows(source)));
        Assert.That(await StoreContents.FilesAsync(_ours), Is.EqualTo(await StoreContents.FilesAsync(source)));
        Assert.That(await StoreContents.VerifyAsync(_ours), Is.Empty);
    }

    [Test]
    public async Task A_root_is_registered_and_the_collector_respects_it()
    {
        string files = await MakeFilesAsync();
        string path = (await OnOursAsync("nix-store", "--add", $"{files}/tree")).Single();
        string other = (await OnOursAsync("nix-store", "--add", $"{files}/hello.txt")).Single();
        await OnOursAsync("nix-store", "--realise", path, "--add-root", $"{files}/root", "--indirect");

        await _ours.RunAsync("nix-store", "--gc");

        Assert.That(await _ours.QueryAllAsync(), Does.Contain(path).And.Not.Contain(other));
    }

    private async Task RunOnBothAsync(IReadOnlyList<string[]> commands)
    {
        using RealNixDaemon nix = RealNixDaemon.Start(_theirs);
        foreach (string[] command in commands)
        {
            string[] ours = await OnOursAsync(command[0], command[1..]);
            CommandResult theirs = await Command.RunAsync(release.Program(command[0]), command[1..], nix.ClientEnvironment);
            Assert.That(ours, Is.EqualTo(theirs.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)), string.Join(' ', command));
        }

        Assert.That(StoreContents.Rows(_ours), Is.Not.Empty.And.EqualTo(StoreContents.Rows(_theirs)));
        Assert.That(await StoreContents.FilesAsync(_ours), Is.EqualTo(await StoreContents.FilesAsync(_theirs)));
        Assert.That(await StoreContents.VerifyAsync(_ours), Is.Empty);
    }

    private async Task<string[]> OnOursAsync(string program, params string[] arguments) =>
        (await Command.RunAsync(release.Program(program), arguments, _daemon.ClientEnvironment)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // With a shell, because .NET cannot create files whose names are not UTF-8.
    private async Task<string> MakeFilesAsync()
    {
        string folder = Directory.CreateDirectory($"{_ours.Root}/files").FullName;
        await Command.RunAsync("/bin/sh", ["-c", """
            cd "$1" && echo hello > hello.txt && mkdir -p tree/sub empty tree/a/b && echo x > tree/sub/x && ln -s sub/x tree/l && ln -s tree link
            printf '#!/bin/sh\n' > run && chmod 755 run && cp -p run tree/run && head -c 700000 /dev/zero > tree/a/b/large && : > tree/zero
            printf x > "tree/$(printf 'caf\351')" && printf x > tree/Z && printf x > tree/a.b
            """, "sh", folder]);
        return folder;
    }
}
