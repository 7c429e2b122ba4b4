using System.Diagnostics;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>A dry run of the garbage collector over a store of its own: wall time, in one round. The answers are compared.</summary>
internal sealed class CollectionWork(Session session, DaemonPair pair)
    : Work($"nix-store --gc --print-dead of {session.Scale.GarbagePaths} paths, wall ms")
{
    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        string nixStore = pair.Programs.PathOf("nix-store");
        GarbageStore garbage = new(session.Workspace, session.Store.Environment, session.Scale.GarbagePaths);
        await garbage.MakeAsync(nixStore, cancellationToken);
        List<string[]> answers = [];
        foreach (string name in RunningDaemon.Names)
        {
            string directory = session.Workspace.NewDirectory($"{name}/garbage");
            string state = Path.Combine(directory, "state");
            await StateCopy.MakeAsync(garbage.State, state, cancellationToken);
            await using RunningDaemon daemon = await RunningDaemon.StartAsync(
                session, pair.Programs, name, directory, garbage.RealStore, state, cancellationToken);
            long start = Stopwatch.GetTimestamp();
            string answer = await Command.ReadAsync(
                nixStore,
                ["--gc", "--print-dead"],
                cancellationToken,
                session.Store.Environment.For(NixEnvironment.DaemonUri(daemon.SocketPath, garbage.RealStore, state)));
            session.Results.Add(Name, name, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            answers.Add([.. answer.Split('\n').Order(StringComparer.Ordinal)]);
        }

        if (!answers[0].SequenceEqual(answers[1]))
            throw new BenchmarkException("The answers of the daemons to 'nix-store --gc --print-dead' differ.");
    }
}
