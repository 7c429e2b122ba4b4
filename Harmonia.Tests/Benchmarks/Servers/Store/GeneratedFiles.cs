namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>The files of generated paths in the benchmark store. Each path is written once, when it is first wanted.</summary>
internal sealed class GeneratedFiles(Workspace workspace)
{
    // A single file, so that it is deleted together with the store.
    private string Marks => Path.Combine(workspace.Home, "root", "generated-files");

    /// <summary>Writes the files of the paths with numbers from the first up to the end, which is not included.</summary>
    public async Task MakeAsync(int first, int end, CancellationToken cancellationToken)
    {
        string mark = $"{first} to {end}";
        if (File.Exists(Marks) && (await File.ReadAllLinesAsync(Marks, cancellationToken)).Contains(mark))
            return;
        Progress.Step($"Writing the files of {end - first} paths, once ...");
        ParallelOptions options = new() { CancellationToken = cancellationToken };
        Parallel.For(first, end, options, number =>
        {
            string target = Path.Combine(workspace.Store, GeneratedPath.PathOf(number).BaseName);
            WritableTree.Delete(target);
            File.Delete(target);
            GeneratedContents.Write(number, target);
        });
        await File.AppendAllLinesAsync(Marks, [mark], cancellationToken);
    }
}
