using System.Text.Json;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.NixOS;

/// <summary>The flake's outputs, with the stub in place of nixpkgs.</summary>
[Category("Nix")]
public sealed class FlakeTests
{
    private const string Stub = "Harmonia.Tests/NixOS/Stub/";

    private static readonly NixRelease[] Releases = [NixRelease.Bookworm, NixRelease.Forky];

    [TestCaseSource(nameof(Releases))]
    public async Task Flake_shows_its_outputs(NixRelease release)
    {
        using TemporaryDirectory directory = new();
        await CopyAsync(directory);

        JsonElement outputs = await ShowAsync(release, directory);

        Assert.That(
            outputs.EnumerateObject().Select(output => output.Name),
            Is.EquivalentTo(
                new[] { "checks", "darwinModules", "devShells", "formatter", "nixosModules", "overlays", "packages" }));
        Assert.That(
            outputs.GetProperty("nixosModules").EnumerateObject().Select(module => module.Name),
            Is.EquivalentTo(new[] { "default", "harmonia", "harmonia-replacement" }));
        foreach (string system in (string[])["x86_64-linux", "aarch64-linux"])
        {
            JsonElement packages = outputs.GetProperty("packages").GetProperty(system);
            Assert.That(packages.GetProperty("default").GetProperty("name").GetString(), Is.EqualTo("harmonia"));
            Assert.That(
                outputs.GetProperty("checks").GetProperty(system).EnumerateObject().Select(check => check.Name),
                Is.SupersetOf(new[] { "evaluation", "format", "harmonia", "shell", "vm-basic", "vm-upgrade" }));
        }

        Assert.That(outputs.GetProperty("devShells").TryGetProperty("aarch64-darwin", out _), Is.True);
        Assert.That(outputs.GetProperty("packages").TryGetProperty("aarch64-darwin", out _), Is.False);
    }

    private static async Task<JsonElement> ShowAsync(NixRelease release, TemporaryDirectory directory)
    {
        string[] command = ["--extra-experimental-features", "nix-command flakes", "flake", "show", "--json", "--no-write-lock-file"];
        string[] systems = release == NixRelease.Bookworm ? [] : ["--all-systems"];
        Dictionary<string, string?> environment = new()
        {
            ["HOME"] = directory["home"],
            ["NIX_STORE_DIR"] = directory["store"],
            ["NIX_STATE_DIR"] = directory["state"],
            ["NIX_LOG_DIR"] = directory["log"],
            ["NIX_REMOTE"] = null,
            ["NIX_CONFIG"] = null,
        };
        CommandResult result = await Command.RunAsync(
            release.Program("nix"),
            [.. command, .. systems, "--override-input", "nixpkgs", $"path:{directory["nixpkgs"]}", $"path:{directory["flake"]}"],
            environment);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    // What Git knows, as a flake in a Git repository would have it, without the tests.
    private static async Task CopyAsync(TemporaryDirectory directory)
    {
        foreach (string file in await Repository.FilesAsync())
        {
            if (file.StartsWith(Stub, StringComparison.Ordinal))
                Copy(file, directory[$"nixpkgs/{file[Stub.Length..]}"]);
            else if (!file.StartsWith("Harmonia.Tests/", StringComparison.Ordinal) && !file.StartsWith("docs/", StringComparison.Ordinal))
                Copy(file, directory[$"flake/{file}"]);
        }

        Directory.CreateDirectory(directory["home"]);
    }

    private static void Copy(string file, string destination)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
        File.Copy(Repository.PathOf(file), destination);
    }
}
