using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

/// <summary>The code keeps to the order of folders in docs/architecture.md.</summary>
public sealed class LayeringTests
{
    [Test]
    public async Task Folders_use_only_folders_below_them()
    {
        LayeringCheck check = new(
            FolderOrder.OfDocument(),
            [
                .. AssemblyScan.Of("Harmonia.Protocol.dll", "Harmonia.Protocol"),
                .. AssemblyScan.Of("harmonia-daemon.dll", "Harmonia.Daemon"),
                .. AssemblyScan.Of("harmonia-cache.dll", "Harmonia.Cache"),
                .. await SourceImports.AllAsync(),
            ]);

        Assert.That(check.Violations, Is.Empty);
    }

    [Test]
    public async Task Tables_of_the_documentation_have_the_folders_that_are_there()
    {
        FolderOrder order = FolderOrder.OfDocument();
        IEnumerable<string> folders = (await SourceFile.AllAsync())
            .Where(file => file.IsProduct)
            .Select(file => file.Path.Split('/'))
            .Where(names => names.Length > 2)
            .Select(names => $"{names[0]}/{names[1]}")
            .Distinct();

        Assert.That(order.Projects.SelectMany(project => order.FoldersOf(project).Select(folder => $"{project}/{folder}")), Is.EquivalentTo(folders));
    }

    [Test]
    public async Task Namespaces_are_folders()
    {
        IEnumerable<string> strays = (await SourceFile.AllAsync())
            .Where(file => file.DeclaredNamespace != file.FolderNamespace && !IsProgram(file))
            .Select(file => $"{file.Path} declares {file.DeclaredNamespace ?? "no namespace"}, not {file.FolderNamespace}");

        Assert.That(strays, Is.Empty);
    }

    private static bool IsProgram(SourceFile file) => Path.GetFileName(file.Path) == "Program.cs" && file.DeclaredNamespace is null;
}
