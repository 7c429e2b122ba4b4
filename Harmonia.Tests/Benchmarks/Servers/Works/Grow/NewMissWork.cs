using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;

namespace Harmonia.Benchmarks.Servers.Works.Grow;

/// <summary>Narinfos of paths that are not there, each asked for once.</summary>
internal sealed class NewMissWork(Session session, GrownServers servers, int paths) : Work($"narinfo miss never asked before, {paths:N0} paths")
{
    private const int CountPerSecond = 150_000;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        Server nginx = await servers.NginxAsync(paths, cancellationToken);
        await using Server ours = await servers.StartAsync(paths, cancellationToken);
        WrkLoad load = new() { Seconds = session.Scale.Seconds };
        for (int round = 0; round <= session.Scale.Rounds; round++)
        {
            string[] missing = [.. GeneratedPath.MissingHashes(CountPerSecond * load.Seconds, (ulong)round).Select(static hash => $"/{hash}.narinfo")];
            using TargetFile targets = await TargetFile.WriteAsync(session.Workspace, missing, cancellationToken);
            foreach (Server server in (Server[])[nginx, ours])
            {
                Measurement measurement = await new Question(server, targets).MeasureNewAsync(load, cancellationToken);
                if (round > 0)
                    session.Results.Add(Name, server.Name, measurement);
            }
        }
    }
}
