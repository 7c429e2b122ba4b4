using System.Text.RegularExpressions;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

/// <summary>The code keeps to the picture in docs/architecture.md.</summary>
public sealed class LayeringTests
{
    [Test]
    public async Task Modules_use_only_what_the_table_allows() =>
        Assert.That((await CheckAsync()).Violations, Is.Empty);

    [Test]
    public async Task Modules_do_not_use_each_other_in_a_ring() =>
        Assert.That((await CheckAsync()).FindCycle(), Is.Null);

    [Test]
    public async Task Namespaces_are_folders()
    {
        IEnumerable<string> strays = (await SourceFile.AllAsync())
            .Where(file => file.DeclaredNamespace != file.FolderNamespace && !IsProgram(file))
            .Select(file => $"{file.Path} declares {file.DeclaredNamespace ?? "no namespace"}, not {file.FolderNamespace}");

        Assert.That(strays, Is.Empty);
    }

    [Test]
    public void Table_in_the_documentation_is_the_table_of_the_rules()
    {
        IEnumerable<string> documented = Repository.TextOf("docs/architecture.md").Split('\n')
            .Where(line => line.StartsWith("| Protocol.", StringComparison.Ordinal)
                || line.StartsWith("| Daemon.", StringComparison.Ordinal)
                || line.StartsWith("| Cache.", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => Row(cells[1], Expand(cells[1], cells[3])));

        Assert.That(documented, Is.EquivalentTo(ModuleRules.Listed.Select(rule => Row(rule.Module, rule.MayUse))));
    }

    private static async Task<LayeringCheck> CheckAsync() => new(
        ModuleRules.All,
        [
            .. AssemblyScan.Of("Harmonia.Protocol.dll", "Harmonia.Protocol"),
            .. AssemblyScan.Of("harmonia-daemon.dll", "Harmonia.Daemon"),
            .. AssemblyScan.Of("harmonia-cache.dll", "Harmonia.Cache"),
            .. await SourceImports.AllAsync(),
        ]);

    private static bool IsProgram(SourceFile file) => Path.GetFileName(file.Path) == "Program.cs" && file.DeclaredNamespace is null;

    private static string Row(string module, IEnumerable<string> mayUse) =>
        $"{module}: {string.Join(", ", mayUse.Order(StringComparer.Ordinal))}";

    /// <summary><c>A, Cache.{B, C}</c> in a row of Protocol is Protocol.A, Cache.B and Cache.C; a dash is nothing.</summary>
    private static IEnumerable<string> Expand(string module, string cell) =>
        from match in Regex.Matches(
            cell, @"((?<process>\w+)\.)?(\{(?<names>[^}]+)\}|(?<names>\w+))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)
        let process = match.Groups["process"] is { Success: true } named ? named.Value : module.Split('.')[0]
        from name in match.Groups["names"].Value.Split(", ")
        select $"{process}.{name}";
}
