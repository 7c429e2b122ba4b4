using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.NixOS;

/// <summary>The programs accept the TOML files that the modules generate.</summary>
public sealed class SettingsFileTests
{
    // Keys and certificates are on the machine that will run the programs, not on the one that builds its system.
    private static readonly string[] Options = ["--check-config", "--skip-missing-files"];

    private static IEnumerable<TestCaseData> Files =>
        from name in ModuleConfiguration.Names
        where name != "mistakes"
        from file in GoldenFiles.Of(name).Keys
        where file.EndsWith(".toml", StringComparison.Ordinal)
        select new TestCaseData(name, file);

    [TestCaseSource(nameof(Files))]
    public async Task Program_accepts_the_settings(string name, string file)
    {
        using TemporaryDirectory directory = new();
        await File.WriteAllTextAsync(directory[file], GoldenFiles.Of(name)[file]);

        CommandResult result = await CheckAsync(file, directory[file]);

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
    }

    [TestCase("harmonia.toml")]
    [TestCase("harmonia-daemon.toml")]
    public async Task Program_refuses_settings_that_it_does_not_know(string file)
    {
        using TemporaryDirectory directory = new();
        await File.WriteAllTextAsync(directory[file], "no_such_key = 1\n");

        CommandResult result = await CheckAsync(file, directory[file]);

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Errors, Does.Contain("no_such_key"));
    }

    [Test]
    public void Building_a_system_checks_its_settings_in_the_same_way() =>
        Assert.That(Repository.TextOf("nixos-modules/module/settings-file.nix"), Does.Contain(string.Join(' ', Options)));

    private static Task<CommandResult> CheckAsync(string file, string path) =>
        Command.TryRunAsync(
            HarmoniaProgram.Path(file == "harmonia-daemon.toml" ? "harmonia-daemon" : "harmonia-cache"), ["--config", path, .. Options]);
}
