using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Real clients that run as the user nobody and copy from a store of that user.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class OtherUserTests(NixRelease release)
{
    private const string NoSignature = "lacks a signature by a trusted key";
    private const string Restricted = "because it is a restricted setting and you are not a trusted user";

    private static readonly string[] AsNobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];

    private RealNixStore _store = null!;
    private RealNixStore _source = null!;
    private string _derivation = null!;
    private string _path = null!;

    [SetUp]
    public async Task MakeStoresAsync()
    {
        _source = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        _derivation = (await _source.InstantiateAsync(
            """derivation { name = "built"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo log; echo x > $out" ]; }""")).Single();
        _path = (await _source.RunAsync("nix-store", "--realise", _derivation)).Single();
        await Command.RunAsync("chown", ["-R", "nobody:nogroup", _source.Root]);
        _store = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        await Command.RunAsync(HarmoniaProgram.Path("harmonia-daemon"), ["init", "--store-root", $"{_store.Root}/root"]);
        await Command.RunAsync("chmod", ["0755", _store.Root]);
    }

    [TearDown]
    public void RemoveStores()
    {
        _store.Dispose();
        _source.Dispose();
    }

    [Test]
    public async Task Who_is_not_trusted_can_not_make_the_daemon_believe_him()
    {
        await using HarmoniaDaemon daemon = await StartAsync("");
        foreach (string[] options in (string[][])
            [[], ["--no-check-sigs"], ["--option", "require-sigs", "false"], ["--option", "trusted-public-keys", _source.PublicKey.Trim()]])
        {
            CommandResult refused = await CopyAsync(daemon, options);
            Assert.That(refused.ExitCode, Is.Not.Zero, string.Join(' ', options));
            Assert.That(refused.Errors, Does.Contain(NoSignature));
            if (options is ["--option", string setting, _])
                Assert.That(refused.Errors, Does.Contain($"ignoring the client-specified setting '{setting}', {Restricted}"));
        }

        CommandResult log = await RunAsync("nix", daemon, ["store", "copy-log", "--to", daemon.ClientEnvironment["NIX_REMOTE"]!, _derivation], _source);
        Assert.That(log.ExitCode, Is.Not.Zero);
        Assert.That(log.Errors, Does.Contain("you are not privileged to add logs"));
        Assert.That(Directory.Exists($"{_store.LogDirectory}/drvs"), Is.False);
        Assert.That(StoreContents.Rows(_store), Is.Empty);
        Assert.That(StoreContents.Strays(_store), Is.Empty);
    }

    [Test]
    public async Task Who_is_not_trusted_may_add_what_is_named_by_its_content_or_signed_by_a_trusted_key()
    {
        await using HarmoniaDaemon daemon = await StartAsync($"""trusted_public_keys = ["{_source.PublicKey.Trim()}"]""");

        CommandResult added = await RunAsync("nix-store", daemon, ["--add", $"{_source.Root}/etc/nix.conf"]);
        CommandResult copied = await CopyAsync(daemon);

        Assert.That(added.ExitCode, Is.Zero, added.Errors);
        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        Assert.That(await StoreContents.VerifyAsync(_store), Is.Empty);
        string owners = (await Command.RunAsync("find", [_store.RealStoreDirectory, "-not", "-user", "root"])).Text;
        Assert.That(owners, Is.Empty, "Who sent them doesn't own them.");
    }

    [TestCase("trusted_users = [\"nobody\"]", null)]
    [TestCase("trusted_users = [\"@nogroup\"]", null)]
    [TestCase("trusted_users = [\"*\"]", null)]
    [TestCase("trusted_users = [\"@harmonia-testers\"]", "harmonia-testers:x:60001:daemon,nobody\n")]
    public async Task Who_is_trusted_may_say_that_signatures_do_not_matter(string configuration, string? groups)
    {
        await using HarmoniaDaemon daemon = await StartAsync(configuration, groups);

        CommandResult plain = await CopyAsync(daemon);
        CommandResult waived = await CopyAsync(daemon, "--option", "require-sigs", "false");

        Assert.That(plain.Errors, Does.Contain(NoSignature));
        Assert.That(waived.ExitCode, Is.Zero, waived.Errors);
    }

    [TestCase("allowed_users = [\"root\", \"@root\"]")]
    [TestCase("build_users_group = \"nogroup\"")]
    public async Task Who_is_not_allowed_is_disconnected(string configuration)
    {
        await using HarmoniaDaemon daemon = await StartAsync(configuration);

        CommandResult refused = await RunAsync("nix", daemon, ["path-info", "--all"]);

        Assert.That(refused.ExitCode, Is.Not.Zero);
        await daemon.Program.WaitUntilAsync(
            () => Task.FromResult(daemon.Program.Log.Contains("user 'nobody' is not allowed to connect", StringComparison.Ordinal)));
    }

    /// <param name="configuration">The daemon's configuration.</param>
    /// <param name="groups">The contents of its /etc/group.</param>
    private async Task<HarmoniaDaemon> StartAsync(string configuration, string? groups = null)
    {
        string[] launcher = [];
        if (groups is not null)
        {
            await File.WriteAllTextAsync($"{_store.Root}/group", groups);
            launcher = ["/usr/bin/unshare", "--mount", "sh", "-c", """mount --bind "$0" /etc/group && exec "$@" """, $"{_store.Root}/group"];
        }

        HarmoniaDaemon daemon = await HarmoniaDaemon.StartAsync(_store, configuration, launcher);
        await Command.RunAsync("chmod", ["0755", Path.GetDirectoryName(daemon.SocketPath)!]);
        return daemon;
    }

    private Task<CommandResult> CopyAsync(HarmoniaDaemon daemon, params string[] options) => RunAsync(
        "nix", daemon, ["copy", .. options, "--to", daemon.ClientEnvironment["NIX_REMOTE"]!, _path], _source);

    /// <summary>Runs one of Nix's programs as nobody.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="daemon">The daemon to use as the store, unless another store is given.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="store">The other store.</param>
    private Task<CommandResult> RunAsync(string program, HarmoniaDaemon daemon, string[] arguments, RealNixStore? store = null) =>
        Command.TryRunAsync(
            "setpriv",
            [.. AsNobody, release.Program(program), .. arguments],
            new Dictionary<string, string?>(_source.Environment) { ["NIX_REMOTE"] = (store?.Environment ?? daemon.ClientEnvironment)["NIX_REMOTE"] });
}
