using System.Text;

namespace Harmonia.Tests.Support;

/// <summary>The working copy that the tests were built from.</summary>
public static class Repository
{
    private const string Solution = "Harmonia.sln";

    /// <summary>The folder of the solution, found upwards from the test's own assembly.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static string TextOf(string file) => File.ReadAllText(PathOf(file));

    /// <summary>Every file that is or could be committed, relative to <see cref="Root"/>; what Git ignores is left out.</summary>
    public static async Task<IReadOnlyList<string>> FilesAsync()
    {
        // Files and folders may belong to another user than the one who runs the tests. Git refuses this unless it is told that it is safe.
        CommandResult result = await Command.RunAsync(
            "git",
            ["-C", Root, "-c", $"safe.directory={Root}", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]);
        return [.. Encoding.UTF8.GetString(result.Output).Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(PathOf(file)))];
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"{Solution} is in no folder above {AppContext.BaseDirectory}.");
    }
}
