namespace Harmonia.Benchmarks.Servers;

/// <summary>Deletes trees of a store, whose directories are read-only.</summary>
internal static class WritableTree
{
    /// <summary>Deletes a directory with all in it, if it exists. Symbolic links are not followed.</summary>
    public static void Delete(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (string each in (string[])[directory, .. Directories(directory)])
            File.SetUnixFileMode(each, File.GetUnixFileMode(each) | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.Delete(directory, recursive: true);
    }

    private static IEnumerable<string> Directories(string directory) => Directory.EnumerateDirectories(
        directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint });
}
