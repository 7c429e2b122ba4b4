using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Running;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>The compressed NARs that a harmonia-cache stores in a directory.</summary>
internal sealed class StoredNarFiles(string directory)
{
    private const string Extension = ".nar.zst";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Deletes all.</summary>
    public void Clear()
    {
        if (!Directory.Exists(directory))
            return;
        foreach (string file in Directory.EnumerateFiles(directory, "*.zst"))
            File.Delete(file);
    }

    /// <summary>Downloads a NAR, and returns the file that the server has stored then.</summary>
    /// <param name="target">As the narinfo names it, with the NAR's hash after the path's.</param>
    public async Task<string> MakeAsync(Server server, string target, CancellationToken cancellationToken)
    {
        string url = $"{server.Url}/{target}";
        if (!await Curl.DownloadAsync(url, 1, [], cancellationToken))
            throw new BenchmarkException($"{server.Name} does not serve {url}.");

        // The file gets its name only when it is on the disk.
        string narHash = target[(target.LastIndexOf('-') + 1)..^Extension.Length];
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            if (Directory.EnumerateFiles(directory, $"{narHash}-*.zst").FirstOrDefault() is { } file)
                return file;
            if (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                throw new BenchmarkException($"{server.Name} stored no file of {narHash} in {directory}.");
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
