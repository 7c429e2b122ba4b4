using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>Requests of one kind to both daemons: CPU µs for each.</summary>
/// <param name="measureAsync">Which kind.</param>
internal sealed class DaemonLoadWork(Session session, string name, DaemonPair pair, Func<DaemonLoad, Task<Measurement>> measureAsync) : Work(name)
{
    // Enough for the runtime to compile the client completely.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RunningDaemon> daemons = await pair.StartAsync(cancellationToken);
        for (int round = 0; round <= session.Scale.Rounds; round++)
        {
            TimeSpan duration = round == 0 ? WarmUp : TimeSpan.FromSeconds(session.Scale.Seconds);
            foreach (RunningDaemon daemon in daemons)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Measurement measurement = await measureAsync(new DaemonLoad(daemon.SocketPath, daemon.Processes, session.Store.Small, duration));
                if (round > 0)
                    session.Results.Add(Name, daemon.Name, measurement);
            }
        }
    }
}
