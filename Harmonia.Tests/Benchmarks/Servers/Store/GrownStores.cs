using System.Diagnostics;
using Harmonia.Daemon.Adding;

namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>Databases of as many generated paths as wanted, each made once.</summary>
internal sealed class GrownStores(Workspace workspace)
{
    /// <summary>The store of some paths, made if it does not exist. Its files are those of the benchmark store, if they exist.</summary>
    public async Task<StorePlace> MakeAsync(int paths) => new(workspace.Store, (await MakeLayoutAsync(paths)).StateDirectory);

    /// <summary>A copy of the store of some paths, without files, for one work.</summary>
    /// <param name="directory">Where the copy is to be; replaced.</param>
    public async Task<StorePlace> CopyAsync(int paths, string directory, CancellationToken cancellationToken)
    {
        StoreLayout layout = new(workspace.NewDirectory(directory));
        await StateCopy.MakeAsync((await MakeLayoutAsync(paths)).StateDirectory, layout.StateDirectory, cancellationToken);
        foreach (string folder in layout.Folders)
            Directory.CreateDirectory(folder);
        return new StorePlace(layout.RealStoreDirectory, layout.StateDirectory);
    }

    private async Task<StoreLayout> MakeLayoutAsync(int paths)
    {
        string root = Path.Combine(workspace.Home, $"grown-{paths}");
        string mark = Path.Combine(root, "made");
        StoreLayout layout = new(root);
        if (File.Exists(mark))
            return layout;
        Progress.Step($"Making a database of {paths} paths, once ...");
        long start = Stopwatch.GetTimestamp();
        WritableTree.Delete(root);
        await GeneratedRows.CreateAsync(layout, paths);
        await File.WriteAllTextAsync(mark, "");
        Progress.Note($"{Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        return layout;
    }
}
