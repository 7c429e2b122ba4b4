using System.Text;
using System.Xml.Linq;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

public sealed class RepositoryTests
{
    private const string SharedProperties = "Directory.Build.props";

    private static readonly string[] TopLevel =
    [
        "Harmonia.sln", "Harmonia.Daemon", "Harmonia.Cache", "Harmonia.Protocol", "Harmonia.Tests", "packaging", "nixos-modules", "flake.nix",
        "flake.lock", "README.md", "run.sh", "test.sh", "bench.sh", "docs", "LICENSE", SharedProperties, "Directory.Packages.props",
        "publish.sh", "global.json", "NuGet.config",
    ];

    private static readonly string[] Products =
    [
        "Harmonia.Protocol/Harmonia.Protocol.csproj", "Harmonia.Daemon/Harmonia.Daemon.csproj", "Harmonia.Cache/Harmonia.Cache.csproj",
    ];

    // Spelt in two halves, so that this file does not contain the forbidden word.
    private static readonly string[] ForeignPlaces =
    [
        "nuget" + ".org", "npmjs" + ".org", "pypi" + ".org", "crates" + ".io", "proxy.golang" + ".org", "/v3/index" + ".json",
        "../sha" + "red", "/wo" + "rk/",
    ];

    [Test]
    public async Task Top_level_holds_nothing_unexpected()
    {
        IEnumerable<string> entries = (await Repository.FilesAsync()).Select(file => file.Split('/')[0]).Distinct();

        Assert.That(entries.Where(entry => entry[0] != '.').Except(TopLevel), Is.Empty);
    }

    [Test]
    public void Protocol_uses_these_packages_and_no_others() =>
        Assert.That(
            Elements(Products[0], "PackageReference").Select(package => package.Attribute("Include")?.Value),
            Is.EqualTo(new[] { "Microsoft.Extensions.ObjectPool", "NSec.Cryptography", "Tomlyn" }));

    [TestCaseSource(nameof(Products))]
    public void Lock_file_is_that_of_a_build_without_the_native_compiler(string project) =>
        Assert.That(
            Repository.TextOf($"{Path.GetDirectoryName(project)}/packages.lock.json"), Does.Not.Contain("ILCompiler"),
            "A restore for native programs wrote it, and the next restore would write another one.");

    [Test]
    public async Task Every_project_is_built_for_net10()
    {
        IEnumerable<string> projects = (await Repository.FilesAsync()).Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));
        IEnumerable<string> frameworks = projects.Append(SharedProperties)
            .SelectMany(file => Elements(file, "TargetFramework").Concat(Elements(file, "TargetFrameworks")))
            .Select(element => element.Value);

        Assert.That(frameworks, Is.EqualTo(new[] { "net10.0" }), $"{SharedProperties} says it for all, and no project says anything else.");
    }

    [TestCaseSource(nameof(Products))]
    public void Product_is_compatible_with_ahead_of_time_compilation(string project) =>
        Assert.That(Elements(project, "IsAotCompatible").Select(element => element.Value), Is.EqualTo(new[] { "true" }));

    [Test]
    public async Task Files_name_no_place_outside_the_repository()
    {
        List<string> findings = new();
        foreach (string file in await Repository.FilesAsync())
        {
            // Recordings are binary files; Latin-1 reads any byte and keeps ASCII unchanged.
            string text = await File.ReadAllTextAsync(Repository.PathOf(file), Encoding.Latin1);
            findings.AddRange(ForeignPlaces
                .Where(place => text.Contains(place, StringComparison.OrdinalIgnoreCase))
                .Select(place => $"{file} names {place.Trim()}"));
        }

        Assert.That(findings, Is.Empty);
    }

    private static IEnumerable<XElement> Elements(string file, string name) =>
        XDocument.Parse(Repository.TextOf(file)).Descendants(name);
}
