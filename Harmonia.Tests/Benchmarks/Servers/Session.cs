using Harmonia.Benchmarks.Servers.Commands;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;

namespace Harmonia.Benchmarks.Servers;

/// <summary>One run of <c>bench.sh</c>: what was asked for, where things lie, and what was measured so far.</summary>
internal sealed class Session
{
    public Session(Options options)
    {
        Options = options;
        Scale = options.Quick ? Scale.Quick : Scale.Full;
        Workspace = Workspace.FromEnvironment();
        Store = new BenchmarkStore(Workspace);
        StaticFiles = new StaticFiles(Workspace, Store);
        GeneratedStaticFiles = new GeneratedStaticFiles(Workspace);
    }

    public Options Options { get; }

    public Scale Scale { get; }

    public Workspace Workspace { get; }

    public BenchmarkStore Store { get; }

    public StaticFiles StaticFiles { get; }

    public GeneratedStaticFiles GeneratedStaticFiles { get; }

    public Results Results { get; } = new();

    /// <summary>Has servers take turns, round by round, so that all get their share of what else the machine does.</summary>
    /// <param name="work">The name of the work.</param>
    /// <param name="measureAsync">Measures one round; its second argument says whether this is the first one, which warms up and doesn't count.
    /// Null if the server can't do it.</param>
    public async Task TakeTurnsAsync(
        string work, IReadOnlyList<Server> servers, Func<Server, bool, Task<Measurement?>> measureAsync)
    {
        for (int round = 0; round <= Scale.Rounds; round++)
        {
            foreach (Server server in servers)
            {
                Measurement? measurement = await measureAsync(server, round == 0);
                if (round > 0 && measurement is not null)
                    Results.Add(work, server.Name, measurement);
            }
        }
    }
}
