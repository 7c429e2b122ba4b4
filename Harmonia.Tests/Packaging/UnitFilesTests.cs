using System.Globalization;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Packaging;

/// <summary>What can be said of the units without booting them.</summary>
public sealed class UnitFilesTests
{
    private const string Folder = "packaging/systemd";

    [TestCase("harmonia-cache.service", 0.5)]
    [TestCase("harmonia-daemon.service", 2.2)]
    [TestCase("harmonia-gc.service", 0.9)]
    public async Task What_a_unit_leaves_exposed_is_bounded(string unit, double bound)
    {
        CommandResult result = await Command.RunAsync(
            "systemd-analyze", ["security", "--offline=true", "--no-pager", Repository.PathOf($"{Folder}/{unit}")]);

        Assert.That(Exposure(result.Text), Is.LessThanOrEqualTo(bound), result.Text);
    }

    [Test]
    public async Task Nothing_but_a_unit_that_builds_is_open()
    {
        using TemporaryDirectory directory = new();
        string open = File.ReadAllText(Repository.PathOf($"{Folder}/harmonia-daemon.service"))
            .Replace("[Install]", $"{File.ReadAllText(Repository.PathOf($"{Folder}/examples/build.conf"))}\n[Install]", StringComparison.Ordinal);
        await File.WriteAllTextAsync(directory["harmonia-daemon.service"], open);

        CommandResult result = await Command.RunAsync(
            "systemd-analyze", ["security", "--offline=true", "--no-pager", directory["harmonia-daemon.service"]]);

        Assert.That(Exposure(result.Text), Is.GreaterThan(8), "A directive was added that builders would inherit.");
    }

    [Test]
    public async Task A_collector_that_deletes_generations_is_exposed_little_more()
    {
        using TemporaryDirectory directory = new();
        await File.WriteAllTextAsync(
            directory["harmonia-gc.service"],
            Repository.TextOf($"{Folder}/harmonia-gc.service") + Repository.TextOf($"{Folder}/examples/gc-generations.conf"));

        CommandResult result = await Command.RunAsync(
            "systemd-analyze", ["security", "--offline=true", "--no-pager", directory["harmonia-gc.service"]]);

        Assert.That(Exposure(result.Text), Is.LessThanOrEqualTo(1.1), result.Text);
    }

    [Test]
    public async Task Systemd_finds_nothing_wrong_with_the_collectors_units()
    {
        using TemporaryDirectory directory = new();
        foreach (string unit in (string[])["harmonia-gc.service", "harmonia-gc.timer"])
        {
            await File.WriteAllTextAsync(
                directory[unit],
                Repository.TextOf($"{Folder}/{unit}").Replace("/usr/bin/harmonia-daemon", HarmoniaProgram.Path("harmonia-daemon"), StringComparison.Ordinal));
        }

        CommandResult result = await Command.TryRunAsync("systemd-analyze", ["verify", directory["harmonia-gc.service"], directory["harmonia-gc.timer"]]);

        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
    }

    // What the daemon can't see counts as gone: it would delete what roots in homes and in /tmp keep.
    [Test]
    public void The_collecting_daemon_sees_every_root()
    {
        string[] lines = File.ReadAllLines(Repository.PathOf($"{Folder}/harmonia-daemon.service"));

        Assert.That(lines, Has.Some.EqualTo("ProtectHome=read-only").And.Some.EqualTo("PrivateTmp=no"));
        Assert.That(lines, Has.None.StartsWith("PrivateUsers="));
    }

    [Test]
    public async Task The_shipped_configurations_are_good()
    {
        foreach ((string program, string file) in ((string, string)[])[("harmonia-cache", "harmonia.toml"), ("harmonia-daemon", "daemon.toml")])
        {
            CommandResult result = await Command.TryRunAsync(
                HarmoniaProgram.Path(program), ["--check-config", "--config", Repository.PathOf($"packaging/{file}")]);

            Assert.That(result.ExitCode, Is.Zero, result.Errors);
        }
    }

    [Test]
    public void Every_unit_is_in_the_documentation()
    {
        string operations = Repository.TextOf("docs/operations.md");

        IEnumerable<string> names = new DirectoryInfo(Repository.PathOf(Folder)).GetFiles("*", SearchOption.AllDirectories).Select(file => file.Name);
        Assert.That(names.Where(name => !operations.Contains(name, StringComparison.Ordinal)), Is.Empty);
    }

    private static double Exposure(string report)
    {
        string line = report.Split('\n').Single(line => line.Contains("Overall exposure level", StringComparison.Ordinal));
        return double.Parse(line.Split(": ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
