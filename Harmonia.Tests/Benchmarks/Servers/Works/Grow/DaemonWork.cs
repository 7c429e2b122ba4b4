using System.Diagnostics;
using System.Globalization;
using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Client;

namespace Harmonia.Benchmarks.Servers.Works.Grow;

/// <summary>What harmonia-daemon does with all paths at once, and adding one path. Each has a daemon that has served nobody.</summary>
internal sealed class DaemonWork(Session session, GrownServers servers, int paths) : Work($"harmonia-daemon, {paths:N0} paths")
{
    private const int WarmUps = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _row = $"{paths:N0} paths";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        const string CopyDirectory = "grown-copy";
        StorePlace place = await servers.Stores.CopyAsync(paths, CopyDirectory, cancellationToken);
        for (int round = 0; round < session.Scale.Copies; round++)
        {
            await MeasureAllAsync("dry run of a collection", place, static (client, cancellation) => client.CountDeadAsync(cancellation), cancellationToken);
            await MeasureAllAsync(
                "QueryAllValidPaths",
                place,
                static (client, cancellation) => client.ReadValidPathsAsync(static _ => { }, cancellation),
                cancellationToken);
            await MeasureLandingPageAsync(place, cancellationToken);
        }

        await MeasureAddingAsync(place, cancellationToken);
        WritableTree.Delete(session.Workspace.NewDirectory(CopyDirectory));
    }

    private async Task MeasureAllAsync(
        string title, StorePlace place, Func<DaemonClient, CancellationToken, Task<int>> countAsync, CancellationToken cancellationToken)
    {
        await using RunningDaemon daemon = await StartAsync(place, cancellationToken);
        using DaemonClient client = await ConnectAsync(daemon, cancellationToken);
        double idle = daemon.Processes.PeakMegabytes;
        TimeSpan before = daemon.Processes.CpuTime;
        long start = Stopwatch.GetTimestamp();
        int count = await countAsync(client, cancellationToken);
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        if (count != paths)
            throw new BenchmarkException($"{title}: the daemon tells of {count} paths, not of {paths}.");
        session.Results.Add($"{title}, wall ms", _row, wall.TotalMilliseconds);
        session.Results.Add($"{title}, CPU of the daemon, ms", _row, (daemon.Processes.CpuTime - before).TotalMilliseconds);
        session.Results.Add($"{title}, the daemon's most resident memory, MB", _row, daemon.Processes.PeakMegabytes);
        session.Results.Add("harmonia-daemon before its first request, resident memory, MB", _row, idle);
    }

    /// <summary>Until the page has the number of paths, which the cache asks for in the background.</summary>
    private async Task MeasureLandingPageAsync(StorePlace place, CancellationToken cancellationToken)
    {
        await using Server server = await servers.StartAsync(await servers.ConfigureAsync(place, cancellationToken), cancellationToken);
        string number = paths.ToString("N0", CultureInfo.InvariantCulture);
        TimeSpan before = server.CpuTime;
        long start = Stopwatch.GetTimestamp();
        while (!(await server.GetTextAsync("", cancellationToken)).Contains($">{number}<", StringComparison.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new BenchmarkException($"The landing page does not say that there are {number} paths.");
            await Task.Delay(Pause, cancellationToken);
        }

        session.Results.Add("landing page until it has the number of paths, wall ms", _row, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        session.Results.Add("landing page until it has the number of paths, CPU of both programs, ms", _row, (server.CpuTime - before).TotalMilliseconds);
        session.Results.Add("landing page, most resident memory of both programs, MB", _row, server.Processes.Sum(static each => each.PeakMegabytes));
    }

    private async Task MeasureAddingAsync(StorePlace place, CancellationToken cancellationToken)
    {
        await using RunningDaemon daemon = await StartAsync(place, cancellationToken);
        using DaemonClient client = await ConnectAsync(daemon, cancellationToken);
        for (int n = 0; n < WarmUps; n++)
            await client.AddTextAsync($"warm-up-{n}", cancellationToken);
        List<double> times = [];
        TimeSpan before = daemon.Processes.CpuTime;
        for (int n = 0; n < session.Scale.AddedPaths; n++)
        {
            long start = Stopwatch.GetTimestamp();
            await client.AddTextAsync($"added-{n}", cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        session.Results.Add("adding a small path, wall µs", _row, Figures.Median(times));
        session.Results.Add("adding a small path, CPU of the daemon, µs", _row, (daemon.Processes.CpuTime - before).TotalMicroseconds / times.Count);
    }

    private Task<RunningDaemon> StartAsync(StorePlace place, CancellationToken cancellationToken) => RunningDaemon.StartAsync(
        session,
        NixPrograms.Find(),
        RunningDaemon.Harmonia,
        session.Workspace.NewDirectory("grown-daemon"),
        place.RealStore,
        place.State,
        cancellationToken);

    private static Task<DaemonClient> ConnectAsync(RunningDaemon daemon, CancellationToken cancellationToken) =>
        new DaemonConnector(new DaemonConnectorOptions { SocketPath = daemon.SocketPath }).ConnectAsync(cancellationToken);
}
