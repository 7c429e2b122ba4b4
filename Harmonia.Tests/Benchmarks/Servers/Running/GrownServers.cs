using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>Servers of stores of generated paths: nginx, which runs until the end, and ours, mostly started for one round.</summary>
internal sealed class GrownServers(Session session) : IAsyncDisposable
{
    /// <summary>As the tables show ours.</summary>
    public const string Name = "harmonia";

    // A million files take long to make, so one nginx serves the narinfos of all sizes.
    private const int MostNarInfos = 200_000;

    private readonly Dictionary<int, TargetFile> _narInfos = [];
    private (Server Plain, Server Secure)? _nginx;
    private Server? _withFiles;

    public GrownStores Stores { get; } = new(session.Workspace);

    /// <summary>The number of narinfos that nginx has of a store.</summary>
    public static int NarInfosAtNginx(int paths) => Math.Min(paths, MostNarInfos);

    /// <summary>nginx with the narinfos of a store.</summary>
    public async Task<Server> NginxAsync(int paths, CancellationToken cancellationToken)
    {
        await using (Server source = await StartAsync(paths, cancellationToken))
        {
            await session.GeneratedStaticFiles.MakeNarInfosAsync(source, NarInfosAtNginx(paths), cancellationToken);
            await session.GeneratedStaticFiles.MakeCacheInfoAsync(source, cancellationToken);
        }

        _nginx ??= await NginxServer.StartAsync(session.Workspace, cancellationToken);
        return _nginx.Value.Plain;
    }

    /// <summary>nginx and ours with the files of all paths that have some.</summary>
    public async Task<IReadOnlyList<Server>> WithFilesAsync(CancellationToken cancellationToken)
    {
        const int Small = GeneratedContents.SmallCount;
        Server nginx = await NginxAsync(GeneratedContents.Count, cancellationToken);
        if (_withFiles is not null)
            return [nginx, _withFiles];
        GeneratedFiles files = new(session.Workspace);
        await files.MakeAsync(BenchmarkStore.GeneratedCount, Small, cancellationToken);
        await files.MakeAsync(Small, GeneratedContents.Count, cancellationToken);
        _withFiles = await StartAsync(GeneratedContents.Count, cancellationToken);
        await session.GeneratedStaticFiles.MakeNarsAsync(0, Small, cancellationToken);
        await session.GeneratedStaticFiles.MakeNarsAsync(Small, GeneratedContents.Count, cancellationToken);
        await session.GeneratedStaticFiles.MakeListingsAsync(_withFiles, Small, GeneratedContents.Count, cancellationToken);
        return [nginx, _withFiles];
    }

    /// <summary>Starts ours with a store. Nobody has asked it anything. The caller ends it.</summary>
    public async Task<Server> StartAsync(int paths, CancellationToken cancellationToken) =>
        await StartAsync(await ConfigureAsync(await Stores.MakeAsync(paths), cancellationToken), cancellationToken);

    /// <summary>Starts ours. The caller ends it.</summary>
    public Task<Server> StartAsync(HarmoniaFiles files, CancellationToken cancellationToken) =>
        HarmoniaServer.StartAsync(session.Workspace, Name, files, cancellationToken);

    /// <summary>Writes the configuration of ours, with default settings.</summary>
    public Task<HarmoniaFiles> ConfigureAsync(StorePlace place, CancellationToken cancellationToken) =>
        HarmoniaServer.ConfigureAsync(session.Workspace, $"grown-{Path.GetRandomFileName()}", "", cancellationToken, place: place);

    /// <summary>The narinfos of the first paths, in random order.</summary>
    public async Task<TargetFile> NarInfosAsync(int paths, CancellationToken cancellationToken)
    {
        if (!_narInfos.TryGetValue(paths, out TargetFile? file))
        {
            IReadOnlyList<string> targets = RequestTargets.NarInfos(Shuffled(0, paths));
            _narInfos.Add(paths, file = await TargetFile.WriteAsync(session.Workspace, targets, cancellationToken));
        }

        return file;
    }

    /// <summary>The paths with numbers from the first up to the end, which is not included, in random order.</summary>
    public static IReadOnlyList<StorePath> Shuffled(int first, int end)
    {
        StorePath[] paths = [.. Enumerable.Range(first, end - first).Select(GeneratedPath.PathOf)];
        SeededNumbers.Shuffle(paths, (ulong)end);
        return paths;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TargetFile file in _narInfos.Values)
            file.Dispose();
        if (_withFiles is not null)
            await _withFiles.DisposeAsync();
        if (_nginx is not { } nginx)
            return;
        await nginx.Secure.DisposeAsync();
        await nginx.Plain.DisposeAsync();
    }
}
