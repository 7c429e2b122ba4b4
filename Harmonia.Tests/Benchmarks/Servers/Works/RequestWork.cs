using System.Net;
using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>Small responses: CPU µs for each request.</summary>
/// <param name="serversAsync">The servers that get the requests.</param>
/// <param name="targetsAsync">What to ask each for.</param>
internal sealed class RequestWork(
    Session session,
    string name,
    Func<CancellationToken, Task<IReadOnlyList<Server>>> serversAsync,
    Func<Server, CancellationToken, Task<IReadOnlyList<string>>> targetsAsync) : Work(name)
{
    private const int MaxWarmUpSeconds = 30;

    private readonly Wrk _wrk = new(session.Workspace);

    /// <summary>The status that all responses should have.</summary>
    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    /// <summary>One more header of each request; null for none.</summary>
    public (string Name, string Value)? Header { get; init; }

    /// <summary>Whether each request has a connection of its own.</summary>
    public bool Reconnects { get; init; }

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Server> servers = await serversAsync(cancellationToken);
        Dictionary<Server, IReadOnlyList<string>> targets = [];
        foreach (Server server in servers)
            targets.Add(server, await targetsAsync(server, cancellationToken));
        await session.TakeTurnsAsync(Name, servers, async (server, warmsUp) =>
        {
            if (warmsUp)
                await WarmUpAsync(server, targets[server], cancellationToken);
            long connections = TcpConnections.Accepted();
            TimeSpan before = server.CpuTime;
            WrkResult result = await AskAsync(server, targets[server], session.Scale.Seconds, cancellationToken);
            TimeSpan cost = server.CpuTime - before;
            Check(server, result, TcpConnections.Accepted() - connections);
            return Measurement.OfRequests(result.Requests, cost, result.Wall, result.P50, result.P99);
        });
    }

    private Task<WrkResult> AskAsync(Server server, IReadOnlyList<string> targets, int seconds, CancellationToken cancellationToken) =>
        _wrk.RunAsync(server.Url, targets, seconds, Reconnects ? ("Connection", "close") : Header, cancellationToken);

    // On a busy machine, a server that reads and hashes NARs may not get through all of them in one round.
    private async Task WarmUpAsync(Server server, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        for (int seconds = session.Scale.Seconds; seconds <= MaxWarmUpSeconds; seconds *= 2)
        {
            if ((await AskAsync(server, targets, seconds, cancellationToken)).Requests >= targets.Count)
                return;
        }
    }

    private void Check(Server server, WrkResult result, long connections)
    {
        if (Reconnects && connections < result.Requests)
            throw new BenchmarkException($"{server.Name}: wrk made only {connections} connections for {result.Requests} requests.");
        if (result.Broken > 0)
            Progress.Note($"{server.Name}: {result.Broken} connections failed");
        if (Status < HttpStatusCode.BadRequest && result.Errors > 0)
            Progress.Note($"{server.Name}: {result.Errors} responses are errors");
        if (Status >= HttpStatusCode.BadRequest && result.Errors < result.Requests)
            Progress.Note($"{server.Name}: {result.Requests - result.Errors} responses are not errors");
    }
}
