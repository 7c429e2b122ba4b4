using System.Globalization;
using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;

namespace Harmonia.Benchmarks.Servers.Works.Grow;

/// <summary>
/// All narinfos of a store are asked for once: memory. Then all again in the same order, so that those which fit into memory least are asked for
/// next; then a thousand of them again and again.
/// </summary>
internal sealed class AskedNarInfoWork(Session session, GrownServers servers, int paths) : Work($"narinfo asked before, {paths:N0} paths")
{
    private const int Few = 1000;
    private const string Memory = "harmonia-cache after all narinfos were asked for once";
    private const string Entries = "harmonia_memory_entries{";
    private const double BytesPerMegabyte = 1e6;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        Server nginx = await servers.NginxAsync(paths, cancellationToken);
        Question atNginx = new(nginx, await servers.NarInfosAsync(GrownServers.NarInfosAtNginx(paths), cancellationToken));
        await using Server server = await servers.StartAsync(paths, cancellationToken);
        Question ours = new(server, await servers.NarInfosAsync(paths, cancellationToken));
        await FillAsync(server, ours, cancellationToken);
        await TakeTurnsAsync(Name, atNginx, ours, cancellationToken);

        TargetFile few = await servers.NarInfosAsync(Few, cancellationToken);
        await TakeTurnsAsync($"narinfo remembered, {Few:N0} of {paths:N0} paths", new Question(nginx, few), new Question(server, few), cancellationToken);
    }

    private async Task FillAsync(Server server, Question all, CancellationToken cancellationToken)
    {
        ProcessTree cache = server.Processes[^1];
        double before = cache.ResidentMegabytes;
        await all.AskAllAsync(cancellationToken);
        double after = cache.ResidentMegabytes;
        double remembered = MostEntries(await server.GetTextAsync("metrics", cancellationToken));
        session.Results.Add($"{Memory}: resident memory, MB", $"{paths:N0} paths", after);
        session.Results.Add($"{Memory}: paths in memory", $"{paths:N0} paths", remembered);
        session.Results.Add($"{Memory}: more resident memory than before for each, bytes", $"{paths:N0} paths", (after - before) * BytesPerMegabyte / remembered);
    }

    private async Task TakeTurnsAsync(string title, Question atNginx, Question ours, CancellationToken cancellationToken)
    {
        WrkLoad load = new() { Seconds = session.Scale.Seconds };
        for (int round = 0; round <= session.Scale.Rounds; round++)
        {
            foreach ((string name, Question question) in ((string, Question)[])[(NginxServer.Name, atNginx), (GrownServers.Name, ours)])
            {
                Measurement measurement = await question.MeasureAsync(load, cancellationToken);
                if (round > 0)
                    session.Results.Add(title, name, measurement);
            }
        }
    }

    // Narinfos and the path infos they are made from may be counted separately, so take the larger count.
    private static double MostEntries(string metrics) => metrics.Split('\n')
        .Where(static line => line.StartsWith(Entries, StringComparison.Ordinal))
        .Max(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
