using System.Text.Encodings.Web;
using System.Text.Json;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.NixOS;

/// <summary>
/// nuget-deps.json has every package with its hash, so that Nix can fetch them. <c>HARMONIA_UPDATE_GOLDEN=1</c> writes it anew; NuGet must have
/// restored the programs for both systems before (docs/nixos.md).
/// </summary>
public sealed class NuGetDependenciesTests
{
    private const string Dependencies = "nixos-modules/package/nuget-deps.json";

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    [OneTimeSetUp]
    public void Update()
    {
        if (!GoldenFiles.IsUpdating)
            return;
        IEnumerable<Dictionary<string, string>> entries = NuGetPackage.Needed().Select(package => new Dictionary<string, string>
        {
            ["pname"] = package.Name,
            ["version"] = package.Version,
            ["hash"] = package.FindHash() ?? throw new FileNotFoundException($"{package} was not restored on this machine."),
        });
        File.WriteAllText(Repository.PathOf(Dependencies), JsonSerializer.Serialize(entries, Indented) + "\n");
    }

    [Test]
    public void Packages_are_those_of_the_lock_files_and_the_compiler() =>
        Assert.That(Read().Select(entry => entry.Package), Is.EqualTo(NuGetPackage.Needed()));

    [Test]
    public void Hashes_are_those_of_the_packages_on_this_machine()
    {
        (NuGetPackage Package, string Hash)[] restored = [.. Read().Where(entry => entry.Package.FindHash() is not null)];

        // What the programs were built with is here; the runtimes of another system may not be.
        Assert.That(restored.Select(entry => entry.Package.Name), Is.SupersetOf(new[] { "Tomlyn", "System.CommandLine", "libsodium" }));
        Assert.Multiple(() =>
        {
            foreach ((NuGetPackage package, string hash) in restored)
                Assert.That(hash, Is.EqualTo(package.FindHash()), package.Name);
        });
    }

    // A restore for one system adds what only that system needs, and then no other restore agrees with the file.
    [TestCaseSource(typeof(NuGetPackage), nameof(NuGetPackage.Projects))]
    public void Lock_file_is_for_every_system(string project)
    {
        using JsonDocument document = JsonDocument.Parse(Repository.TextOf($"{project}/packages.lock.json"));

        Assert.That(
            document.RootElement.GetProperty("dependencies").EnumerateObject().Select(target => target.Name), Is.EqualTo(new[] { "net10.0" }));
    }

    private static IReadOnlyList<(NuGetPackage Package, string Hash)> Read()
    {
        using JsonDocument document = JsonDocument.Parse(Repository.TextOf(Dependencies));
        return
        [
            .. document.RootElement.EnumerateArray().Select(entry => (
                new NuGetPackage(entry.GetProperty("pname").GetString()!, entry.GetProperty("version").GetString()!),
                entry.GetProperty("hash").GetString()!)),
        ];
    }
}
