namespace Harmonia.Benchmarks.Servers.Load;

/// <summary>What wrk asks for, one target a line. Disposing it deletes the file.</summary>
internal sealed class TargetFile : IDisposable
{
    private TargetFile(string path, int count) => (Path, Count) = (path, count);

    public string Path { get; }

    /// <summary>The number of targets.</summary>
    public int Count { get; }

    /// <param name="targets">Each begins with a slash.</param>
    public static async Task<TargetFile> WriteAsync(Workspace workspace, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        string path = System.IO.Path.Combine(workspace.Run, $"requests-{System.IO.Path.GetRandomFileName()}");
        await File.WriteAllLinesAsync(path, targets, cancellationToken);
        return new TargetFile(path, targets.Count);
    }

    public void Dispose() => File.Delete(Path);
}
