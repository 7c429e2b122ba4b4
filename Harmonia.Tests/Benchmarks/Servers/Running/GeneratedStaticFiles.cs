using System.Globalization;
using Harmonia.Benchmarks.Servers.Store;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>
/// The generated paths as nginx serves them. harmonia-cache writes narinfos and listings; NARs come from the generator. All are made once, as
/// many as were ever wanted.
/// </summary>
internal sealed class GeneratedStaticFiles(Workspace workspace)
{
    private const int Downloads = 8;

    /// <summary>Writes the narinfos of the first paths.</summary>
    /// <param name="source">A server of a store that has them.</param>
    public Task MakeNarInfosAsync(Server source, int count, CancellationToken cancellationToken) =>
        MakeMissingAsync("narinfos", 0, count, (number, cancellation) => SaveAsync(source, $"{GeneratedPath.HashOf(number)}.narinfo", cancellation), cancellationToken);

    /// <summary>Writes what tells whether a server answers.</summary>
    public Task MakeCacheInfoAsync(Server source, CancellationToken cancellationToken) => SaveAsync(source, "nix-cache-info", cancellationToken);

    /// <summary>Writes the listings of the paths with numbers from the first up to the end, which is not included.</summary>
    /// <param name="source">A server of a store that has them and their files.</param>
    public Task MakeListingsAsync(Server source, int first, int end, CancellationToken cancellationToken) =>
        MakeMissingAsync("listings", first, end, (number, cancellation) => SaveAsync(source, $"{GeneratedPath.HashOf(number)}.ls", cancellation), cancellationToken);

    /// <summary>Writes the NARs of the paths with numbers from the first up to the end, which is not included.</summary>
    public Task MakeNarsAsync(int first, int end, CancellationToken cancellationToken) => MakeMissingAsync(
        "NARs",
        first,
        end,
        async (number, cancellation) =>
        {
            string file = workspace.StaticFiles + new GeneratedPath(number).NarTarget;
            await File.WriteAllBytesAsync(file, GeneratedContents.NarOf(number), cancellation);
        },
        cancellationToken);

    private async Task MakeMissingAsync(
        string kind, int first, int end, Func<int, CancellationToken, Task> makeAsync, CancellationToken cancellationToken)
    {
        // Each mark says how far the files of one kind were made, from one number on.
        string mark = Path.Combine(workspace.StaticFiles, $"generated-{kind}-{first}");
        int made = File.Exists(mark) ? int.Parse(await File.ReadAllTextAsync(mark, cancellationToken), CultureInfo.InvariantCulture) : first;
        if (made >= end)
            return;
        Directory.CreateDirectory(Path.Combine(workspace.StaticFiles, "nar"));
        Progress.Step($"Writing {kind} of {end - made} paths as static files, once ...");
        ParallelOptions options = new() { MaxDegreeOfParallelism = Downloads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(made, end, options, async (number, cancellation) => await makeAsync(number, cancellation));
        await File.WriteAllTextAsync(mark, end.ToString(CultureInfo.InvariantCulture), cancellationToken);
    }

    private Task SaveAsync(Server source, string target, CancellationToken cancellationToken) =>
        source.SaveAsync(target, Path.Combine(workspace.StaticFiles, target), cancellationToken);
}
