using Harmonia.Tests.Support;

namespace Harmonia.Tests.Architecture;

/// <summary>A C# file of the repository.</summary>
/// <param name="Path">Relative to the repository's root.</param>
/// <param name="Text">The whole file.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private const string Declaration = "namespace ";
    private const string Tests = "Harmonia.Tests";
    private const string Benchmarks = "Harmonia.Tests.Benchmarks";

    public static async Task<IReadOnlyList<SourceFile>> AllAsync() =>
    [
        .. (await Repository.FilesAsync())
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => new SourceFile(path, Repository.TextOf(path))),
    ];

    public bool IsProduct => !FolderNamespace.StartsWith(Tests, StringComparison.Ordinal)
        && !FolderNamespace.StartsWith("Harmonia.Benchmarks", StringComparison.Ordinal);

    /// <summary>The namespace that the file's folder stands for. The benchmarks are a project of their own inside the tests' folder.</summary>
    public string FolderNamespace
    {
        get
        {
            string dotted = System.IO.Path.GetDirectoryName(Path)!.Replace('/', '.');
            return dotted == Benchmarks || dotted.StartsWith(Benchmarks + ".", StringComparison.Ordinal)
                ? "Harmonia.Benchmarks" + dotted[Benchmarks.Length..]
                : dotted;
        }
    }

    /// <summary>The namespace that the file declares, or null when it declares none.</summary>
    public string? DeclaredNamespace =>
        Lines.FirstOrDefault(line => line.StartsWith(Declaration, StringComparison.Ordinal))?[Declaration.Length..].TrimEnd(';');

    public string[] Lines { get; } = Text.TrimEnd('\n').Split('\n');
}
