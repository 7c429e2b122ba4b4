using System.Diagnostics;
using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>Resident memory of both programs by themselves: idle, under each load, and a minute later.</summary>
internal sealed class StandaloneMemoryWork(Session session) : Work("memory of both programs")
{
    private const string Title = "resident memory of both programs, MB";
    private const string ServerName = "harmonia-alone";
    private const string Compressing = "enable_compression = true";

    // The programs check every 10 s whether they are idle.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(21);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);

    private readonly Wrk _wrk = new(session.Workspace);

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<StorePath> many = await session.Store.ManyAsync(cancellationToken);
        await MeasureDownloadsAsync(cancellationToken);
        await MeasureSlowDownloadsAsync(cancellationToken);
        await MeasureRequestsAsync(many, cancellationToken);
    }

    private async Task MeasureDownloadsAsync(CancellationToken cancellationToken)
    {
        StorePath text = session.Store.Large(BenchmarkStore.Text);
        await using Server server = await StartAsync(Compressing, cancellationToken);
        await server.GetTextAsync($"{text.Hash}.narinfo", cancellationToken);
        Record("idle, first answer given", server);
        await Task.Delay(Idle, cancellationToken);
        Record("idle for 20 s", server);
        Record("16 zstd downloads", await MostAsync(16, LoadMemory.Zstd));
        Record("32 zstd downloads", await MostAsync(32, LoadMemory.Zstd));
        Record("32 slow zstd downloads", await MostAsync(32, [.. LoadMemory.Zstd, .. LoadMemory.Slow]));

        Task<double> MostAsync(int clients, IReadOnlyList<string> arguments) =>
            LoadMemory.MeasureAsync(session, server, clients, text, arguments, cancellationToken);
    }

    private async Task MeasureSlowDownloadsAsync(CancellationToken cancellationToken)
    {
        await using Server server = await StartAsync("", cancellationToken);
        StorePath random = session.Store.Large(BenchmarkStore.RandomBytes);
        Record("32 slow downloads", await LoadMemory.MeasureAsync(session, server, 32, random, LoadMemory.Slow, cancellationToken));
    }

    private async Task MeasureRequestsAsync(IReadOnlyList<StorePath> paths, CancellationToken cancellationToken)
    {
        await using Server server = await StartAsync(Compressing, cancellationToken);
        IReadOnlyList<string> nars = await RequestTargets.NarsAsync(server, paths, cancellationToken);
        Record($"after {paths.Count} narinfos", server);
        await AskAsync(10, nars);
        Record($"after small NARs of {paths.Count} paths", server);

        TimeSpan duration = session.Options.LoadMinutes is { } minutes
            ? TimeSpan.FromMinutes(minutes)
            : TimeSpan.FromSeconds(session.Scale.MixedLoadSeconds);
        int seconds = (int)duration.TotalSeconds;
        Task load = Task.WhenAll(
            AskAsync(seconds, RequestTargets.NarInfos(paths)),
            AskAsync(seconds, nars),
            AskAsync(seconds, RequestTargets.Listings(paths)),
            AskAsync(seconds, nars, ("Accept-Encoding", "zstd")));
        for (TimeSpan from = TimeSpan.Zero; from < duration; from += Period)
        {
            TimeSpan to = from + Period < duration ? from + Period : duration;
            double most = await MostAsync(server, load, to - from, cancellationToken);
            Record($"narinfos, small NARs, zstd and .ls, {from.TotalSeconds} to {to.TotalSeconds} s: the most", most);
        }

        await load;
        await Task.Delay(Later, cancellationToken);
        Record("a minute after it", server);

        Task<WrkResult> AskAsync(int duration, IReadOnlyList<string> targets, (string, string)? header = null) =>
            _wrk.RunAsync(server.Url, targets, duration, header, cancellationToken);
    }

    private static async Task<double> MostAsync(Server server, Task load, TimeSpan period, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        double most = 0;
        while (!load.IsCompleted && Stopwatch.GetElapsedTime(start) < period)
        {
            await Task.WhenAny(load, Task.Delay(Second, cancellationToken));
            most = Math.Max(most, server.ResidentMegabytes);
        }

        return most;
    }

    private Task<Server> StartAsync(string settings, CancellationToken cancellationToken) =>
        HarmoniaServer.StartAsync(session.Workspace, ServerName, settings, cancellationToken);

    private void Record(string row, Server server) => Record(row, server.ResidentMegabytes);

    private void Record(string row, double megabytes) => session.Results.Add(Title, row, megabytes);
}
