using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>A NAR that is stored compressed, from ours and, as a file, from nginx: CPU s for each GB of that file.</summary>
internal sealed class StoredDownloadWork(Session session, string name, CacheServers servers, string largeName) : Work(name)
{
    private const double BytesPerGigabyte = 1e9;
    private const double WarmUpGigabytes = 10;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        Server storing = await servers.StoringServerAsync(cancellationToken);
        StorePath path = session.Store.Large(largeName);
        string target = await storing.NarUrlAsync(path, cancellationToken);
        string file = await new StoredNarFiles(servers.StoredNarDirectory).MakeAsync(storing, target, cancellationToken);
        string atNginx = $"stored/{largeName}";
        session.StaticFiles.Link(atNginx, file);
        long size = session.StaticFiles.SizeOf(atNginx);
        await session.TakeTurnsAsync(Name, await servers.StoringAsync(cancellationToken), (server, warmsUp) =>
        {
            // Files are sent at 5 GB/s, so a warm-up needs many of them.
            double gigabytes = warmsUp ? WarmUpGigabytes : session.Scale.DownloadedGigabytes;
            int times = Math.Max(1, (int)(gigabytes * BytesPerGigabyte / size));
            string url = $"{server.Url}/{(server == storing ? target : atNginx)}";
            return DownloadWork.MeasureAsync(server, url, size, times, [], cancellationToken);
        });
    }
}
