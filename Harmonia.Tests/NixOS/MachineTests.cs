using System.Text.Json;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.NixOS;

/// <summary>The tests with virtual machines, which run where nixpkgs is: here their nodes are evaluated, and their scripts compiled.</summary>
[Category("Nix")]
public sealed class MachineTests
{
    private const string Folder = "nixos-modules/tests";

    // These are parts of tests, and what lists them.
    private static readonly string[] Others = ["client", "default", "evaluation", "keys"];

    private static readonly NixRelease[] Releases = [NixRelease.Bookworm, NixRelease.Forky];

    private static IEnumerable<string> Names =>
        Directory.GetFiles(Repository.PathOf(Folder), "*.nix").Select(path => Path.GetFileNameWithoutExtension(path)).Except(Others);

    private static IEnumerable<TestCaseData> Cases =>
        from name in Names
        from release in Releases
        select new TestCaseData(name, release);

    [TestCaseSource(nameof(Cases))]
    public async Task Nodes_evaluate_and_the_script_is_Python(string name, NixRelease release)
    {
        JsonElement test = await NixEvaluation.EvaluateAsync(release, "evaluate-machines.nix", ("name", name));

        Assert.That(test.GetProperty("failedAssertions").GetArrayLength(), Is.Zero, test.ToString());
        Assert.That(
            test.GetProperty("units").EnumerateObject().SelectMany(node => node.Value.EnumerateObject()).Select(unit => unit.Name),
            Has.Some.StartsWith("harmonia"));
        using TemporaryDirectory directory = new();
        await File.WriteAllTextAsync(directory["script.py"], test.GetProperty("script").GetString());
        CommandResult result = await Command.TryRunAsync(
            "python3", ["-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", directory["script.py"]]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
    }

    [Test]
    public void Checks_of_the_flake_have_every_test()
    {
        string list = Repository.TextOf($"{Folder}/default.nix");

        Assert.That(Names.Where(name => !list.Contains($"\"{name}\"", StringComparison.Ordinal)), Is.Empty);
    }
}
