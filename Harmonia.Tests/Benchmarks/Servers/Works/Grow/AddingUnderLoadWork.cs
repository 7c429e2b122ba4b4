using System.Diagnostics;
using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Client;

namespace Harmonia.Benchmarks.Servers.Works.Grow;

/// <summary>
/// 5,000 narinfos a second that the cache remembers, without and with 100 additions to the store a second. What the additions cost by
/// themselves does not count.
/// </summary>
internal sealed class AddingUnderLoadWork(Session session, GrownServers servers, int paths) : Work($"5,000 narinfos a second, {paths:N0} paths")
{
    private const int MostAsked = 5000;
    private const int AddsPerSecond = 100;

    // So many connections that wait so many milliseconds before each request make 5,000 requests a second, unless responses are slow.
    private const int Connections = 128;
    private const int Delay = 25;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        const string CopyDirectory = "grown-copy";
        StorePlace place = await servers.Stores.CopyAsync(paths, CopyDirectory, cancellationToken);
        int asked = Math.Min(paths, MostAsked);
        HarmoniaFiles files = await servers.ConfigureAsync(place, cancellationToken);
        await using (Server server = await servers.StartAsync(files, cancellationToken))
        {
            Question question = new(server, await servers.NarInfosAsync(asked, cancellationToken));
            DaemonConnector connector = new(new DaemonConnectorOptions { SocketPath = files.DaemonSocket });
            using DaemonClient client = await connector.ConnectAsync(cancellationToken);
            for (int round = 0; round <= session.Scale.Rounds; round++)
                await MeasureAsync(server, question, client, round, cancellationToken);
        }

        WritableTree.Delete(session.Workspace.NewDirectory(CopyDirectory));
    }

    private async Task MeasureAsync(Server server, Question question, DaemonClient client, int round, CancellationToken cancellationToken)
    {
        WrkLoad load = new() { Seconds = session.Scale.Seconds, Connections = Connections, Delay = Delay };
        await question.AskAllAsync(cancellationToken);
        Measurement alone = await question.MeasureAsync(load, cancellationToken);

        TimeSpan before = server.CpuTime;
        int adds = await AddAsync(client, $"{round}-alone", load.Seconds, cancellationToken);
        double costOfAdd = (server.CpuTime - before).TotalMicroseconds / adds;

        await question.AskAllAsync(cancellationToken);
        Task<int> adding = AddAsync(client, $"{round}-together", load.Seconds, cancellationToken);
        Measurement together = await question.MeasureAsync(load, cancellationToken);
        double addsForEach = await adding / (together.Rate * load.Seconds);
        if (round == 0)
            return;
        session.Results.Add(Name, $"{GrownServers.Name}, nothing added", alone);
        session.Results.Add(Name, $"{GrownServers.Name}, with 100 additions a second", together with { Cost = together.Cost - (costOfAdd * addsForEach) });
    }

    /// <summary>Adds paths for some seconds; returns how many.</summary>
    private static async Task<int> AddAsync(DaemonClient client, string name, int seconds, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        int added = 0;
        while (added < seconds * AddsPerSecond && Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            await client.AddTextAsync($"{name}-{added}", cancellationToken);
            added++;
            TimeSpan rest = TimeSpan.FromSeconds((double)added / AddsPerSecond) - Stopwatch.GetElapsedTime(start);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, cancellationToken);
        }

        return added;
    }
}
