namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>Copies a store's database, so that each daemon has its own.</summary>
internal static class StateCopy
{
    private const string Schema = "10";

    /// <param name="from">The state directory of a store that nobody writes to.</param>
    /// <param name="to">A state directory, which is replaced.</param>
    public static async Task MakeAsync(string from, string to, CancellationToken cancellationToken)
    {
        WritableTree.Delete(to);
        string target = Directory.CreateDirectory(Path.Combine(to, "db")).FullName;
        await File.WriteAllTextAsync(Path.Combine(target, "schema"), Schema, cancellationToken);
        foreach (string file in (string[])["db.sqlite", "db.sqlite-wal"])
        {
            string source = Path.Combine(from, "db", file);
            if (File.Exists(source))
                File.Copy(source, Path.Combine(target, file));
        }
    }
}
