using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Native;

/// <summary>What packaging/make.sh makes, installed in a booted Debian.</summary>
[Category("Nix")]
public sealed class PackageTests
{
    private TemporaryDirectory _packages = null!;
    private BootedDebian _debian = null!;

    [OneTimeSetUp]
    public async Task MakePackagesAsync()
    {
        _packages = new TemporaryDirectory();
        await MakeAsync("all", "0.1.1");
        await MakeAsync("all", "0.1.0");
    }

    [OneTimeTearDown]
    public void RemovePackages() => _packages.Dispose();

    [SetUp]
    public void Begin() => _debian = new BootedDebian();

    [TearDown]
    public void End() => _debian.Dispose();

    [Test]
    public async Task Debian_packages_are_installed_upgraded_removed_and_purged()
    {
        foreach (string package in Directory.GetFiles(_packages["all"], "*.deb"))
            _debian.Install(package, $"test/packages/{Path.GetFileName(package)}");

        await RunAsync("packages.sh");
    }

    [Test]
    public async Task The_archive_installs_into_a_prefix()
    {
        string archive = Directory.GetFiles(_packages["all"], "harmonia-0.1.0-linux-*.tar.zst").Single();
        Directory.CreateDirectory(_debian["test/archive"]);
        await Command.RunAsync("tar", ["--extract", "--zstd", "--file", archive, "--directory", _debian["test/archive"]]);

        await RunAsync("archive.sh");
    }

    [Test]
    public async Task The_same_programs_give_the_same_packages_and_their_sums_are_right()
    {
        await MakeAsync("again", "0.1.0");

        Assert.That(File.ReadAllText(_packages["again/SHA256SUMS"]), Is.EqualTo(File.ReadAllText(_packages["all/SHA256SUMS"])));
        CommandResult check = await Command.RunAsync("sh", ["-c", "cd \"$0\" && sha256sum --check SHA256SUMS", _packages["again"]]);
        Assert.That(check.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(3).And.All.EndsWith(": OK"));
    }

    private async Task RunAsync(string script)
    {
        int exitCode = await _debian.RunAsync("prepare-packages.sh", script);

        Assert.That(exitCode, Is.Zero, _debian.Log);
        Assert.That(_debian.Log, Does.EndWith("DONE\n"));
    }

    private Task<CommandResult> MakeAsync(string folder, string version) => Command.RunAsync(
        Repository.PathOf("packaging/make.sh"),
        [
            "--fast", "--programs", Path.GetDirectoryName(HarmoniaProgram.PublishedPath("harmonia-cache"))!,
            "--output", _packages[folder], "--version", version,
        ]);
}
