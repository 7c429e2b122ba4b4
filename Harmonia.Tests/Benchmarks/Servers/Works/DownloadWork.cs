using System.Diagnostics;
using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>Large responses: CPU s for each GB of NAR, also where less goes over the wire.</summary>
/// <param name="serversAsync">The servers that get the requests.</param>
/// <param name="largeName">Which path's NAR, as <see cref="Store.BenchmarkStore"/> names it.</param>
/// <param name="gigabytes">What a round downloads, at least one NAR.</param>
internal sealed class DownloadWork(
    Session session,
    string name,
    Func<CancellationToken, Task<IReadOnlyList<Server>>> serversAsync,
    string largeName,
    double gigabytes) : Work(name)
{
    private const double BytesPerGigabyte = 1e9;

    /// <summary>More arguments for curl.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The version of HTTP, 1.1 or 2, that curl asks for and servers must speak; null for any.</summary>
    public string? HttpVersion { get; init; }

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Server> servers = await serversAsync(cancellationToken);
        StorePath path = session.Store.Large(largeName);
        long size = await session.StaticFiles.NarSizeAsync(path, cancellationToken);
        int times = Math.Max(1, (int)(gigabytes * BytesPerGigabyte / size));
        string[] arguments = HttpVersion is null ? [.. Arguments] : [.. Arguments, $"--http{HttpVersion}"];
        if (HttpVersion is not null)
            await CheckVersionAsync(servers, arguments, cancellationToken);
        await session.TakeTurnsAsync(Name, servers, async (server, _) =>
        {
            string url = $"{server.Url}/{await server.NarUrlAsync(path, cancellationToken)}";
            return await MeasureAsync(server, url, size, times, arguments, cancellationToken);
        });
    }

    private async Task CheckVersionAsync(IReadOnlyList<Server> servers, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        foreach (Server server in servers)
        {
            string version = await Curl.HttpVersionAsync($"{server.Url}/nix-cache-info", [.. server.CurlArguments, .. arguments], cancellationToken);
            if (version != HttpVersion)
                throw new BenchmarkException($"{server.Name} speaks HTTP/{version} with curl, not HTTP/{HttpVersion}.");
        }
    }

    /// <summary>Downloads a URL some times, one after the other; null if that fails.</summary>
    /// <param name="size">The bytes that one download counts for.</param>
    public static async Task<Measurement?> MeasureAsync(
        Server server, string url, long size, int times, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        TimeSpan before = server.CpuTime;
        long start = Stopwatch.GetTimestamp();
        if (!await Curl.DownloadAsync(url, times, [.. server.CurlArguments, .. arguments], cancellationToken))
        {
            Progress.Note($"{server.Name} does not serve {url}");
            return null;
        }

        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        return Measurement.OfBytes(size * times, server.CpuTime - before, wall);
    }
}
