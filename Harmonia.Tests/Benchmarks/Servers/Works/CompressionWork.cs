using System.Diagnostics;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>A NAR that is compressed, stored and sent, of which nothing was stored before: CPU s for each GB of NAR.</summary>
internal sealed class CompressionWork(Session session, string name, CacheServers servers, string largeName) : Work(name)
{
    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        Server server = await servers.StoringServerAsync(cancellationToken);
        await servers.NginxAsync(cancellationToken);
        StorePath path = session.Store.Large(largeName);
        long size = await session.StaticFiles.NarSizeAsync(path, cancellationToken);
        string target = await server.NarUrlAsync(path, cancellationToken);
        StoredNarFiles files = new(servers.StoredNarDirectory);
        for (int round = 0; round <= session.Scale.CompressionRounds; round++)
        {
            files.Clear();
            TimeSpan before = server.CpuTime;
            long start = Stopwatch.GetTimestamp();
            await files.MakeAsync(server, target, cancellationToken);
            Measurement measurement = Measurement.OfBytes(size, server.CpuTime - before, Stopwatch.GetElapsedTime(start));
            if (round > 0)
                session.Results.Add(Name, server.Name, measurement);
        }
    }
}
