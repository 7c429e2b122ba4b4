namespace Harmonia.Tests.Architecture;

/// <summary>
/// The namespaces that source files import. The compiler writes constants in place and leaves no trace of where they came from,
/// so an assembly alone doesn't tell all; an import that nothing uses is an error of the analyzers.
/// </summary>
internal static class SourceImports
{
    public static async Task<IReadOnlyList<TypeUse>> AllAsync() =>
    [
        .. from file in await SourceFile.AllAsync()
           where file.IsProduct
           from line in file.Lines
           where IsImport(line)
           select new TypeUse(new TypeName(file.FolderNamespace, Path.GetFileName(file.Path)), new TypeName(NamespaceOf(line), "")),
    ];

    private static bool IsImport(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) || line.StartsWith("global using ", StringComparison.Ordinal);

    // The last word of: using A; global using A; using static A.B; using C = A.B;
    private static string NamespaceOf(string line) => line.TrimEnd(';').Split(' ')[^1];
}
