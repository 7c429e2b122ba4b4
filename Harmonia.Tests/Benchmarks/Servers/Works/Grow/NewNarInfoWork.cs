using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;

namespace Harmonia.Benchmarks.Servers.Works.Grow;

/// <summary>Narinfos that nobody has asked for since the programs were started, which is before each round.</summary>
internal sealed class NewNarInfoWork(Session session, GrownServers servers, int paths, int connections)
    : Work($"narinfo never asked before, {(connections == 1 ? "1 connection" : $"{connections} connections")}, {paths:N0} paths")
{
    // Enough to start the threads and to open the connections to the daemon.
    private const int MostWarmUps = 5000;
    private const int WarmUpPart = 10;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        WrkLoad load = new() { Seconds = session.Scale.Seconds, Connections = connections };
        Server nginx = await servers.NginxAsync(paths, cancellationToken);
        Question atNginx = new(nginx, await servers.NarInfosAsync(GrownServers.NarInfosAtNginx(paths), cancellationToken));
        for (int round = 0; round <= session.Scale.Rounds; round++)
        {
            Measurement files = await atNginx.MeasureAsync(load, cancellationToken);
            await using Server server = await servers.StartAsync(paths, cancellationToken);
            Question ours = new(server, await servers.NarInfosAsync(paths, cancellationToken));
            await ours.AskAsync(Math.Min(MostWarmUps, paths / WarmUpPart), cancellationToken);
            Measurement made = await ours.MeasureNewAsync(load, cancellationToken);
            if (round == 0)
                continue;
            session.Results.Add(Name, nginx.Name, files);
            session.Results.Add(Name, server.Name, made);
        }
    }
}
