using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;

namespace Harmonia.Benchmarks.Servers.Works.Grow;

/// <summary>Narinfos under load before a restart of both programs, in the 10 s after it, the start included, and in the 10 s after these.</summary>
internal sealed class RestartWork(Session session, GrownServers servers, int paths) : Work($"narinfo before and after a restart, {paths:N0} paths")
{
    private const int Seconds = 10;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        TargetFile targets = await servers.NarInfosAsync(paths, cancellationToken);
        HarmoniaFiles files = await servers.ConfigureAsync(await servers.Stores.MakeAsync(paths), cancellationToken);
        await using (Server server = await servers.StartAsync(files, cancellationToken))
        {
            Question question = new(server, targets);
            await question.AskAllAsync(cancellationToken);
            session.Results.Add(Name, $"{GrownServers.Name}, before", await question.MeasureAsync(new WrkLoad { Seconds = Seconds }, cancellationToken));
        }

        await using Server restarted = await servers.StartAsync(files, cancellationToken);
        TimeSpan start = restarted.CpuTime;
        WrkResult result = await Wrk.RunAsync(restarted.Url, targets, new WrkLoad { Seconds = Seconds }, cancellationToken);
        Measurement first = Measurement.OfRequests(result.Requests, restarted.CpuTime, result.Wall, result.P50, result.P99);
        session.Results.Add(Name, $"{GrownServers.Name}, first {Seconds} s after", first);
        Measurement next = await new Question(restarted, targets).MeasureAsync(new WrkLoad { Seconds = Seconds }, cancellationToken);
        session.Results.Add(Name, $"{GrownServers.Name}, next {Seconds} s", next);
        Progress.Note($"the start took {start.TotalMilliseconds:F0} ms of CPU time");
    }
}
