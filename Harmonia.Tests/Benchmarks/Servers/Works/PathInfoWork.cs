using System.Diagnostics;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Running;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>Nix asks a daemon for all path infos: wall time. The answers are compared.</summary>
internal sealed class PathInfoWork(Session session, DaemonPair pair) : Work("nix path-info --all --json, wall ms")
{
    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RunningDaemon> daemons = await pair.StartAsync(cancellationToken);
        string[] arguments = ["--extra-experimental-features", "nix-command", "path-info", "--all", "--json"];
        for (int round = 0; round <= session.Scale.Rounds; round++)
        {
            List<string> answers = [];
            foreach (RunningDaemon daemon in daemons)
            {
                long start = Stopwatch.GetTimestamp();
                answers.Add(await Command.ReadAsync(pair.Programs.PathOf("nix"), arguments, cancellationToken, pair.EnvironmentOf(daemon)));
                if (round > 0)
                    session.Results.Add(Name, daemon.Name, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            if (answers.Distinct().Count() > 1)
                throw new BenchmarkException("The answers of the daemons to 'nix path-info --all --json' differ.");
        }
    }
}
