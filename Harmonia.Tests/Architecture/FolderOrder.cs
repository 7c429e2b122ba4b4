using Harmonia.Tests.Support;

namespace Harmonia.Tests.Architecture;

/// <summary>The folders of each project from top to bottom, as the tables of docs/architecture.md list them.</summary>
internal sealed class FolderOrder
{
    private const string Document = "docs/architecture.md";
    private const string Prefix = "Harmonia.";

    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _folders;

    private FolderOrder(IReadOnlyDictionary<string, IReadOnlyList<string>> folders) => _folders = folders;

    /// <summary>Reads the order that the documentation shows.</summary>
    public static FolderOrder OfDocument() => Read(Repository.TextOf(Document));

    /// <summary>
    /// Reads every table whose header begins with a project's name; its first column has the folders. The cell of the header may mark
    /// the name as code.
    /// </summary>
    public static FolderOrder Read(string text)
    {
        Dictionary<string, IReadOnlyList<string>> folders = [];
        List<string>? rows = null;
        foreach (string line in text.Split('\n'))
        {
            string cell = line.StartsWith('|') ? line.Split('|')[1].Trim().Trim('`') : "";
            if (cell.StartsWith(Prefix, StringComparison.Ordinal))
                folders.Add(cell, rows = []);
            else if (cell.Length == 0)
                rows = null;
            else if (!cell.StartsWith("--", StringComparison.Ordinal))
                rows?.Add(cell);
        }

        return new FolderOrder(folders);
    }

    /// <summary>The projects, such as Harmonia.Cache.</summary>
    public IEnumerable<string> Projects => _folders.Keys;

    /// <summary>The folders of a project, the topmost first.</summary>
    public IReadOnlyList<string> FoldersOf(string project) => _folders[project];

    /// <summary>Where a namespace lies, or null when no table has its folder.</summary>
    /// <param name="namespaceName">Such as Harmonia.Cache.Hosting.Systemd, which lies in Hosting; a project's own is above all folders.</param>
    public (string Project, int Row)? Find(string namespaceName)
    {
        string[] names = namespaceName.Split('.');
        string project = string.Join('.', names.Take(2));
        if (!_folders.TryGetValue(project, out IReadOnlyList<string>? folders))
            return null;
        if (names.Length == 2)
            return (project, -1);

        int row = folders.ToList().IndexOf(names[2]);
        return row < 0 ? null : (project, row);
    }
}
