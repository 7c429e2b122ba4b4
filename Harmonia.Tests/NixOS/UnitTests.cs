using System.Globalization;
using System.Text.RegularExpressions;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.NixOS;

/// <summary>systemd takes the generated units, and they confine what they start.</summary>
public sealed partial class UnitTests
{
    private const int TimeoutMilliseconds = 10_000;

    private static readonly string Package = $"/nix/store/{new string('0', 32)}-";

    // What an assertion refuses never becomes a unit.
    private static IEnumerable<string> Configurations => ModuleConfiguration.Names.Where(name => name != "mistakes" && UnitsOf(name).Any());

    private static IEnumerable<TestCaseData> Services =>
        from name in Configurations
        from unit in UnitsOf(name)
        where unit.Key.EndsWith(".service", StringComparison.Ordinal) && !unit.Key.EndsWith("-keys.service", StringComparison.Ordinal)
        select new TestCaseData(name, unit.Key);

    private static IEnumerable<TestCaseData> CollectingServices =>
        Services.Where(data => GoldenFiles.Of((string)data.Arguments[0]!)[(string)data.Arguments[1]!].Contains("CAP_SYS_PTRACE", StringComparison.Ordinal));

    [TestCaseSource(nameof(Configurations))]
    public async Task Systemd_finds_nothing_wrong(string name)
    {
        using TemporaryDirectory directory = new();

        CommandResult result = await Command.TryRunAsync("systemd-analyze", ["verify", .. Write(name, directory)]);

        // An unknown directive is a line on standard error, and no failure.
        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Systemd_finds_what_is_wrong()
    {
        using TemporaryDirectory directory = new();
        string[] units = Write("ten-lines", directory);
        await File.AppendAllTextAsync(directory["harmonia-dev.socket"], "[Socket]\nListenStreams=5000\n");

        CommandResult result = await Command.TryRunAsync("systemd-analyze", ["verify", .. units]);

        Assert.That(result.Errors, Does.Contain("ListenStreams"));
    }

    [TestCaseSource(nameof(Services))]
    public async Task Service_is_exposed_no_more_than_its_work_needs(string name, string unit)
    {
        using TemporaryDirectory directory = new();
        Write(name, directory);

        CommandResult result = await Command.RunAsync("systemd-analyze", ["security", "--offline=true", "--no-pager", directory[unit]]);

        string text = await File.ReadAllTextAsync(directory[unit]);
        double bound = text switch
        {
            _ when text.Contains("DynamicUser=true", StringComparison.Ordinal) => 0.5,
            _ when text.Contains("Delegate=true", StringComparison.Ordinal) => 10,
            _ when text.Contains("CAP_SYS_PTRACE", StringComparison.Ordinal) => 2.5,

            // Links to what it keeps may lie in /tmp.
            _ when text.Contains("--gc-roots-dir", StringComparison.Ordinal) => 1.2,
            _ => 1.0,
        };
        double exposure = double.Parse(Exposure().Match(result.Text).Groups["level"].Value, CultureInfo.InvariantCulture);
        Assert.That(exposure, Is.Positive.And.LessThanOrEqualTo(bound));
    }

    // What the daemon can't see counts as gone: it would delete what roots in homes and in /tmp, or other users' processes, keep.
    [TestCaseSource(nameof(CollectingServices))]
    public void Collecting_daemon_sees_every_root(string name, string unit)
    {
        string[] lines = GoldenFiles.Of(name)[unit].Split('\n');

        Assert.That(lines, Has.Some.EqualTo("ProtectHome=read-only").And.Some.EqualTo("PrivateTmp=false"));
        Assert.That(lines, Has.None.StartsWith("PrivateUsers="));
        Assert.That(lines, Has.None.StartsWith("InaccessiblePaths=").And.None.StartsWith("TemporaryFileSystem="));
    }

    [Test]
    public void Some_daemons_collect() => Assert.That(CollectingServices.Count(), Is.GreaterThan(1));

    private static IEnumerable<KeyValuePair<string, string>> UnitsOf(string name) =>
        GoldenFiles.Of(name).Where(file => Path.GetExtension(file.Key) is ".service" or ".socket" or ".path" or ".timer" && file.Value != "masked\n");

    // Programs in place of those of the stub's packages, so that systemd finds them.
    private static string[] Write(string name, TemporaryDirectory directory) =>
    [
        .. UnitsOf(name).Select(unit =>
        {
            string text = unit.Value
                .Replace($"{Package}harmonia/bin/harmonia-cache", HarmoniaProgram.Path("harmonia-cache"), StringComparison.Ordinal)
                .Replace($"{Package}harmonia/bin/harmonia-daemon", HarmoniaProgram.Path("harmonia-daemon"), StringComparison.Ordinal)
                .Replace($"{Package}coreutils", "/usr", StringComparison.Ordinal)
                .Replace($"{Package}systemd", "/usr", StringComparison.Ordinal);
            File.WriteAllText(directory[unit.Key], text);
            return directory[unit.Key];
        }),
    ];

    [GeneratedRegex(@"exposure level for \S+: (?<level>[0-9.]+)", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex Exposure();
}
