using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>The main use: a real client copies a closure from harmonia-cache with harmonia-daemon into an empty store.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class SubstitutionTests(NixRelease release)
{
    private HarmoniaDaemon? _daemon;
    private HarmoniaCache? _cache;

    private static LargeStore Store => LargeStoreSetUp.Store;

    [OneTimeSetUp]
    public async Task StartBothAsync()
    {
        _daemon = await HarmoniaDaemon.StartAsync(Store.Store);
        _cache = await HarmoniaCache.StartAsync(Store.Store, _daemon.SocketPath);
    }

    [OneTimeTearDown]
    public async Task StopBothAsync()
    {
        if (_cache is not null)
            await _cache.DisposeAsync();
        if (_daemon is not null)
            await _daemon.DisposeAsync();
    }

    [Test]
    public async Task A_closure_of_thousands_of_paths_is_copied_and_every_signature_verified()
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        CommandResult copied = await CopyAsync(destination, _cache!.PublicKey, Store.Top);

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        string[] expected = await Store.Store.RunAsync("nix-store", "--query", "--requisites", Store.Top);
        Assert.That(expected, Has.Length.GreaterThan(3000));
        Assert.That(await destination.QueryAllAsync(), Is.EquivalentTo(expected));
        CommandResult verified = await Command.RunAsync(
            release.Program("nix-store"), ["--verify", "--check-contents"], destination.Environment);
        Assert.That(verified.Errors, Does.Not.Contain("error").And.Not.Contain("modified"));
    }

    [Test]
    public async Task Odd_names_and_kinds_of_files_arrive_as_they_are()
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        CommandResult copied = await CopyAsync(destination, _cache!.PublicKey, Store.OddTree);

        Assert.That(copied.ExitCode, Is.Zero, copied.Errors);
        byte[] original = (await Command.RunAsync(release.Program("nix-store"), ["--dump", Real(Store.Store, Store.OddTree)])).Output;
        byte[] copy = (await Command.RunAsync(release.Program("nix-store"), ["--dump", Real(destination, Store.OddTree)])).Output;
        Assert.That(copy.AsSpan().SequenceEqual(original));
    }

    [Test]
    public async Task A_client_that_trusts_another_key_copies_nothing()
    {
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);

        // Build outputs have no content address, so only the signature can make them acceptable.
        CommandResult copied = await CopyAsync(destination, "cache.example.org-1:L8LdgBhl3235CxEDrJI4YoraN9z5ATn0IfHLXk9kEMU=", Store.Top);

        Assert.That(copied.ExitCode, Is.Not.Zero);
        Assert.That(copied.Errors, Does.Contain("lacks a").And.Contain("signature"));
        Assert.That(await destination.QueryAllAsync(), Has.None.Contains("-built-"));
    }

    [Test]
    public async Task Path_info_from_the_cache_says_what_the_store_says()
    {
        CommandResult fromCache = await Command.RunAsync(
            release.Program("nix"),
            ["path-info", "--extra-experimental-features", "nix-command", "--store", _cache!.Url.ToString(), "--size", "--closure-size", Store.Outputs[1]],
            Store.Store.Environment);
        CommandResult fromStore = await Command.RunAsync(
            release.Program("nix"),
            ["path-info", "--extra-experimental-features", "nix-command", "--size", "--closure-size", Store.Outputs[1]],
            Store.Store.Environment);

        Assert.That(fromCache.Text, Is.EqualTo(fromStore.Text));
    }

    [Test]
    public async Task A_path_that_the_cache_does_not_have_is_absent_not_an_error_of_the_server()
    {
        CommandResult result = await Command.TryRunAsync(
            release.Program("nix-store"),
            ["--store", _cache!.Url.ToString(), "--query", "--references", "/nix/store/00000000000000000000000000000000-missing"],
            Store.Store.Environment);

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Errors, Does.Contain("is not valid"));
    }

    private static string Real(RealNixStore store, string path) => store.RealStoreDirectory + path["/nix/store".Length..];

    private Task<CommandResult> CopyAsync(RealNixStore destination, string trustedKey, string path) =>
        Command.TryRunAsync(
            release.Program("nix"),
            [
                "copy", "--extra-experimental-features", "nix-command", "--from", _cache!.Url.ToString(),
                "--option", "trusted-public-keys", trustedKey, "--option", "require-sigs", "true", path,
            ],
            destination.Environment);
}
