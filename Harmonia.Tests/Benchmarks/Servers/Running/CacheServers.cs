using Harmonia.Benchmarks.Servers.Commands;
using Harmonia.Benchmarks.Servers.Store;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>
/// The servers that works compare. Each is started when a work first asks for it, and runs until all are disposed of: an idle one costs
/// nothing.
/// </summary>
internal sealed class CacheServers(Session session) : IAsyncDisposable
{
    private const string CompressionSettings = "enable_compression = true";

    private readonly Dictionary<string, Server> _started = [];
    private (Server Plain, Server Secure)? _nginx;
    private IReadOnlyList<Server>? _plain;

    /// <summary>nginx, ours with default settings, and the peers.</summary>
    public async Task<IReadOnlyList<Server>> PlainAsync(CancellationToken cancellationToken) => _plain ??=
    [
        await NginxAsync(cancellationToken), await StartAsync("harmonia", "", cancellationToken), .. await PeersAsync(),
    ];

    /// <summary>nginx alone.</summary>
    public async Task<Server> NginxAsync(CancellationToken cancellationToken)
    {
        if (_nginx is null)
        {
            Server source = await StartAsync("harmonia", "", cancellationToken);
            await session.StaticFiles.MakeAsync(source, cancellationToken);
            await session.GeneratedStaticFiles.MakeNarInfosAsync(source, BenchmarkStore.GeneratedCount, cancellationToken);
            await session.GeneratedStaticFiles.MakeNarsAsync(0, BenchmarkStore.GeneratedCount, cancellationToken);
            _nginx = await NginxServer.StartAsync(session.Workspace, cancellationToken);
        }

        return _nginx.Value.Plain;
    }

    /// <summary>nginx and ours, with TLS and the same certificate.</summary>
    public async Task<IReadOnlyList<Server>> SecureAsync(CancellationToken cancellationToken)
    {
        await NginxAsync(cancellationToken);
        ServerCertificate certificate = await ServerCertificate.MakeAsync(session.Workspace, cancellationToken);
        return [_nginx!.Value.Secure, await StartAsync("harmonia-tls", "", cancellationToken, certificate)];
    }

    /// <summary>Ours, compressing while it sends.</summary>
    public async Task<IReadOnlyList<Server>> CompressingAsync(CancellationToken cancellationToken) =>
        [await StartAsync("harmonia-zstd", CompressionSettings, cancellationToken)];

    /// <summary>Ours, as it is for memory: nobody has asked it anything.</summary>
    public Task<Server> FreshAsync(CancellationToken cancellationToken) => StartAsync("harmonia-fresh", CompressionSettings, cancellationToken);

    /// <summary>nginx, and ours with NARs that are stored compressed.</summary>
    public async Task<IReadOnlyList<Server>> StoringAsync(CancellationToken cancellationToken) =>
        [await NginxAsync(cancellationToken), await StoringServerAsync(cancellationToken)];

    /// <summary>Ours with NARs that are stored compressed.</summary>
    public Task<Server> StoringServerAsync(CancellationToken cancellationToken) => StartAsync("harmonia-stored", $"""
        [nar_cache]
        directory = "{StoredNarDirectory}"
        max_size = 10000000000
        """, cancellationToken);

    /// <summary>Where that one stores them.</summary>
    public string StoredNarDirectory => Path.Combine(session.Workspace.Run, "harmonia-stored/nars");

    public async ValueTask DisposeAsync()
    {
        foreach (Server server in _started.Values)
            await server.DisposeAsync();
        if (_nginx is not { } nginx)
            return;
        await nginx.Secure.DisposeAsync();
        await nginx.Plain.DisposeAsync();
    }

    private async Task<Server> StartAsync(
        string name, string settings, CancellationToken cancellationToken, ServerCertificate? certificate = null)
    {
        if (!_started.TryGetValue(name, out Server? server))
            _started.Add(name, server = await HarmoniaServer.StartAsync(session.Workspace, name, settings, cancellationToken, certificate));
        return server;
    }

    private async Task<IReadOnlyList<Server>> PeersAsync()
    {
        List<Server> servers = [];
        foreach (Peer peer in session.Options.Peers)
        {
            Server server = new(peer.Name, peer.Url, [peer.Process], []);
            _started.Add(peer.Name, server);
            servers.Add(server);
            if (!await server.AnswersAsync())
                throw new BenchmarkException($"The peer {peer.Name} does not answer at {peer.Url}/nix-cache-info.");
        }

        return servers;
    }
}
