using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.NixOS;

/// <summary>Every Nix file of the repository is one for the oldest and the newest Nix that users have.</summary>
[Category("Nix")]
public sealed class NixFileTests
{
    private static readonly NixRelease[] Releases = [NixRelease.Bookworm, NixRelease.Forky];

    [TestCaseSource(nameof(Releases))]
    public async Task Every_file_parses(NixRelease release)
    {
        List<string> errors = new();
        IReadOnlyList<string> files = await FilesAsync();
        foreach (string file in files)
        {
            CommandResult result = await NixEvaluation.ParseAsync(release, Repository.PathOf(file));
            if (result.ExitCode != 0)
                errors.Add(result.Errors);
        }

        Assert.That(files, Has.Member("flake.nix").And.Member("nixos-modules/default.nix"));
        Assert.That(errors, Is.Empty);
    }

    [TestCaseSource(nameof(Releases))]
    public async Task File_that_is_wrong_does_not_parse(NixRelease release)
    {
        using TemporaryDirectory directory = new();
        await File.WriteAllTextAsync(directory["wrong.nix"], "{ a = 1 }");

        CommandResult result = await NixEvaluation.ParseAsync(release, directory["wrong.nix"]);

        Assert.That(result.Errors, Does.Contain("syntax error"));
    }

    private static async Task<IReadOnlyList<string>> FilesAsync() =>
        [.. (await Repository.FilesAsync()).Where(file => file.EndsWith(".nix", StringComparison.Ordinal))];
}
