using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>Real Nix signs with the keys that we make and verifies with them.</summary>
[Category("Nix")]
[TestFixtureSource(typeof(NixRelease), nameof(NixRelease.All))]
public sealed class GenerateKeyTests(NixRelease release)
{
    private const string Name = "cache.example.org-1";

    private const string Build =
        """derivation { name = "signed"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo x > $out" ]; }""";

    [Test]
    public async Task The_files_have_the_form_of_those_that_Nix_makes()
    {
        using TemporaryDirectory directory = new();
        await GenerateAsync(directory);
        await Command.RunAsync(
            release.Program("nix-store"),
            ["--generate-binary-cache-key", Name, directory["nix-secret"], directory["nix-public"]]);

        foreach (string kind in (string[])["secret", "public"])
        {
            string ours = await File.ReadAllTextAsync(directory[kind]);
            string theirs = await File.ReadAllTextAsync(directory[$"nix-{kind}"]);
            Assert.That(ours, Has.Length.EqualTo(theirs.Length));
            Assert.That(ours, Does.StartWith($"{Name}:").And.EndsWith(theirs[^1..]));
        }
    }

    [Test]
    public async Task Nix_signs_a_build_with_the_secret_and_verifies_it_with_the_public_key_alone()
    {
        using RealNixStore store = await RealNixStore.CreateAsync(release);
        using TemporaryDirectory directory = new();
        await GenerateAsync(directory);
        string path = (await store.BuildAsync(Build)).Single();
        string publicKey = await File.ReadAllTextAsync(directory["public"]);

        await RunAsync(store, "store", "sign", "--key-file", directory["secret"], path);

        // Nix trusts the keys it signs builds with, too.
        string[] verify =
            ["store", "verify", "--sigs-needed", "1", "--no-contents", "--option", "secret-key-files", "", "--option", "trusted-public-keys"];
        await RunAsync(store, [.. verify, publicKey, path]);
        using SecretKey other = SecretKey.Generate(Name);
        CommandResult refused = await TryRunAsync(store, [.. verify, other.PublicKey.ToString(), path]);
        Assert.That(refused.ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task A_store_that_requires_signatures_takes_what_was_signed_with_the_secret()
    {
        using RealNixStore source = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        using RealNixStore destination = await RealNixStore.CreateAsync(release, RealNixStoreLayout.Chroot);
        using TemporaryDirectory directory = new();
        await GenerateAsync(directory);
        string path = (await source.BuildAsync(Build)).Single();
        string cache = $"file://{directory["cache"]}";
        await RunAsync(source, "copy", "--to", $"{cache}?secret-key={directory["secret"]}", path);

        await RunAsync(
            destination, "copy", "--from", cache, "--option", "trusted-public-keys", await File.ReadAllTextAsync(directory["public"]), path);

        Assert.That(await destination.QueryAllAsync(), Does.Contain(path));
    }

    private static Task<CommandResult> GenerateAsync(TemporaryDirectory directory) => Command.RunAsync(
        HarmoniaProgram.Path("harmonia-cache"), ["generate-key", Name, directory["secret"], directory["public"]]);

    private Task<CommandResult> RunAsync(RealNixStore store, params string[] arguments) =>
        Command.RunAsync(release.Program("nix"), ["--extra-experimental-features", "nix-command", .. arguments], store.Environment);

    private Task<CommandResult> TryRunAsync(RealNixStore store, string[] arguments) =>
        Command.TryRunAsync(release.Program("nix"), ["--extra-experimental-features", "nix-command", .. arguments], store.Environment);
}
