using System.Text.Json;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>
/// The store that all servers serve, made once, in the workspace's home, where a peer finds it as well. A real Nix makes the paths that
/// are copied and downloaded; those that are asked for one by one are generated, because many are needed.
/// </summary>
internal sealed class BenchmarkStore(Workspace workspace)
{
    /// <summary>20,000 files of 950 bytes.</summary>
    public const string TinyFiles = "tiny-files";

    /// <summary>A tree of 400 MB of this machine's binaries in files of 8 MB.</summary>
    public const string Binaries = "binaries";

    /// <summary>500 MB of random bytes.</summary>
    public const string RandomBytes = "random";

    /// <summary>500 MB of text.</summary>
    public const string Text = "text";

    private const string SmallName = "small";
    private const int SmallCount = 5000;
    private const string ManyName = "many";

    /// <summary>The number of generated small paths: the first ones. More than a cache remembers by default.</summary>
    public const int GeneratedCount = 50_000;

    /// <summary>The number of paths of <see cref="ManyAsync"/>.</summary>
    public const int ManyCount = 15_000;

    /// <summary>The names of the large paths.</summary>
    public static IReadOnlyList<string> LargeNames { get; } = [TinyFiles, Binaries, RandomBytes, Text];

    /// <summary>The generated small paths, some 6 KB each, in random order.</summary>
    public static IReadOnlyList<StorePath> Generated => field ??= Shuffled();

    /// <summary>How Nix's programs find this store.</summary>
    public NixEnvironment Environment { get; } = new(workspace);

    /// <summary>5,000 small paths with references, some 6 KB each.</summary>
    public IReadOnlyList<StorePath> Small => field ??= Read(Path.Combine(PathsDirectory, SmallName));

    private string Mark => Path.Combine(workspace.Home, "store-made");

    // In the root, so that it is deleted together with the store.
    private string GeneratedMark => Path.Combine(workspace.Home, "root", "generated");

    private string PathsDirectory => Path.Combine(workspace.Home, "paths");

    private string Source => Path.Combine(workspace.Home, "source");

    /// <summary>The large path of a name.</summary>
    public StorePath Large(string name) => Read(Path.Combine(PathsDirectory, name)).Single();

    /// <summary>Where the files of a path lie.</summary>
    public string FilesOf(StorePath path) => Path.Combine(workspace.Store, path.BaseName);

    /// <summary>15,000 small paths that no other work asks for. They are added when they are first wanted.</summary>
    public async Task<IReadOnlyList<StorePath>> ManyAsync(CancellationToken cancellationToken)
    {
        string list = Path.Combine(workspace.Home, ManyName);
        if (new FileInfo(list) is not { Exists: true, Length: > 0 })
        {
            Progress.Step($"Adding {ManyCount} small paths, once ...");
            await AddSmallAsync(ManyName, ManyCount, list, cancellationToken);
        }

        return Read(list);
    }

    /// <summary>Makes the store if it does not exist.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Mark))
            await MakeByNixAsync(cancellationToken);
        if (!File.Exists(GeneratedMark))
            await AddGeneratedAsync(cancellationToken);
    }

    private async Task MakeByNixAsync(CancellationToken cancellationToken)
    {
        Progress.Step($"Making a store in {workspace.Home}, once (some minutes) ...");
        await MakeHomeAsync(cancellationToken);
        foreach (string directory in (string[])["root", "www", Source, PathsDirectory])
            WritableTree.Delete(Path.Combine(workspace.Home, directory));
        await Environment.WriteSettingsAsync(cancellationToken);
        Directory.CreateDirectory(Source);
        Directory.CreateDirectory(PathsDirectory);
        Progress.Note($"{SmallCount} small paths with references");
        await AddSmallAsync(SmallName, SmallCount, Path.Combine(PathsDirectory, SmallName), cancellationToken);
        await AddLargeAsync(TinyFiles, SampleFiles.WriteTinyFiles, cancellationToken);
        await AddLargeAsync(Binaries, SampleFiles.WriteBinaries, cancellationToken);
        await AddLargeAsync(RandomBytes, SampleFiles.WriteRandom, cancellationToken);
        await AddLargeAsync(Text, SampleFiles.WriteText, cancellationToken);
        await File.WriteAllTextAsync(Mark, "", cancellationToken);
    }

    private async Task AddGeneratedAsync(CancellationToken cancellationToken)
    {
        await StateCopy.MakeAsync(workspace.State, workspace.NixState, cancellationToken);
        await new GeneratedFiles(workspace).MakeAsync(0, GeneratedCount, cancellationToken);
        Progress.Note($"registering {GeneratedCount} generated paths");
        await GeneratedRows.AddAsync(Path.Combine(workspace.State, "db", "db.sqlite"), GeneratedCount);
        await File.WriteAllTextAsync(GeneratedMark, "", cancellationToken);
    }

    private async Task MakeHomeAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(workspace.Home);
        }
        catch (UnauthorizedAccessException)
        {
            await Administrator.RunAsync(["install", "-d", "-o", System.Environment.UserName, workspace.Home], cancellationToken);
        }
    }

    private async Task AddSmallAsync(string name, int count, string list, CancellationToken cancellationToken)
    {
        string json = await Command.ReadAsync(
            "nix-instantiate",
            ["--eval", "--read-write-mode", "--json", "--argstr", "name", name, "--arg", "count", $"{count}", Workspace.Asset("Store/small-paths.nix")],
            cancellationToken,
            Environment.Shared);
        await File.WriteAllTextAsync(list, JsonSerializer.Deserialize<string>(json), cancellationToken);
    }

    private async Task AddLargeAsync(string name, Action<string> write, CancellationToken cancellationToken)
    {
        Progress.Note(name);
        string source = Path.Combine(Source, name);
        write(source);
        string path = await Command.ReadAsync("nix-store", ["--add", source], cancellationToken, Environment.Shared);
        await File.WriteAllTextAsync(Path.Combine(PathsDirectory, name), path, cancellationToken);
        WritableTree.Delete(source);
        File.Delete(source);
    }

    private static StorePath[] Shuffled()
    {
        StorePath[] paths = [.. Enumerable.Range(0, GeneratedCount).Select(GeneratedPath.PathOf)];
        SeededNumbers.Shuffle(paths, 0);
        return paths;
    }

    private static StorePath[] Read(string list) =>
        [.. File.ReadLines(list).Where(static line => line.Length > 0).Select(static line => StoreDirectory.Default.ParsePath(line))];
}
