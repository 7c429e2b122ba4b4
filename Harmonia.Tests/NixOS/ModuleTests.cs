using System.Text.Json;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.NixOS;

/// <summary>The modules over the stub of NixOS: each configuration gives the units and files that its golden folder has.</summary>
[Category("Nix")]
public sealed class ModuleTests
{
    private const string Mistakes = "mistakes";
    private const string Warnings = "warnings";

    private static readonly NixRelease[] Releases = [NixRelease.Bookworm, NixRelease.Forky];

    private static IEnumerable<TestCaseData> Cases =>
        from name in ModuleConfiguration.Names
        from release in Releases
        select new TestCaseData(name, release);

    private static IEnumerable<string> Names => ModuleConfiguration.Names;

    [OneTimeSetUp]
    public async Task UpdateAsync()
    {
        if (!GoldenFiles.IsUpdating)
            return;
        foreach (string name in ModuleConfiguration.Names)
            GoldenFiles.Write(name, await ModuleConfiguration.EvaluateAsync(NixRelease.Bookworm, name));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Configuration_generates_its_golden_files(string name, NixRelease release) =>
        GoldenFiles.Compare(name, await ModuleConfiguration.EvaluateAsync(release, name));

    [TestCaseSource(nameof(Names))]
    public void Assertions_fail_for_mistakes_only(string name)
    {
        JsonElement failed = SystemOf(name).GetProperty("failedAssertions");

        Assert.That(failed.GetArrayLength(), name is Mistakes ? Is.Positive : Is.Zero);
    }

    // `warnings` has a key that NixOS' own test puts into the store, and one as a path literal. That file does not exist, so interpolating
    // it, which copies it to the store, would end the evaluation.
    [TestCaseSource(nameof(Names))]
    public void Credentials_lie_outside_of_the_Nix_store(string name)
    {
        IEnumerable<string> credentials = GoldenFiles.Of(name).Values
            .SelectMany(text => text.Split('\n'))
            .Where(line => line.StartsWith("LoadCredential=", StringComparison.Ordinal) && line.Contains("/nix/store/", StringComparison.Ordinal));

        Assert.That(credentials, name is Mistakes or Warnings ? Is.Not.Empty : Is.Empty);
    }

    [Test]
    public void Golden_folders_are_those_of_the_configurations() =>
        Assert.That(
            Directory.GetDirectories(Repository.PathOf("Harmonia.Tests/NixOS/Golden")).Select(folder => Path.GetFileName(folder)),
            Is.EquivalentTo(ModuleConfiguration.Names));

    private static JsonElement SystemOf(string name)
    {
        using JsonDocument document = JsonDocument.Parse(GoldenFiles.Of(name)["system.json"]);
        return document.RootElement.Clone();
    }
}
