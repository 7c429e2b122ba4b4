using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Protocol.Client;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>Memory of each daemon that holds connections which ask for nothing.</summary>
internal sealed class IdleConnectionsWork(Session session, DaemonPair pair) : Work("1,000 idle connections")
{
    private const string Title = "memory of the daemon and its children, proportional set size, MB";
    private const int Count = 1000;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (string name in RunningDaemon.Names)
        {
            // A new process: one that has served clients would have memory left for these connections.
            await using RunningDaemon daemon = await pair.StartFreshAsync(name, "idle", cancellationToken);
            session.Results.Add(Title, $"{name}: at rest", daemon.Processes.ProportionalMegabytes);
            DaemonConnector connector = new(new DaemonConnectorOptions { SocketPath = daemon.SocketPath });
            List<DaemonClient> clients = [];
            try
            {
                for (int client = 0; client < Count; client++)
                    clients.Add(await connector.ConnectAsync(cancellationToken));
                session.Results.Add(Title, $"{name}: with 1,000 idle connections", daemon.Processes.ProportionalMegabytes);
            }
            finally
            {
                foreach (DaemonClient client in clients)
                    client.Dispose();
            }
        }
    }
}
