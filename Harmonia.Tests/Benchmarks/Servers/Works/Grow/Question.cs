using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;

namespace Harmonia.Benchmarks.Servers.Works.Grow;

/// <summary>Requests to a server, and what they cost.</summary>
/// <param name="server">Who is asked.</param>
/// <param name="targets">For what.</param>
internal sealed class Question(Server server, TargetFile targets)
{
    /// <summary>How long all targets may take: a million on a busy machine.</summary>
    private const int Patience = 600;

    /// <summary>The target that the next measurement begins with.</summary>
    public int Next { get; private set; }

    /// <summary>Asks for the next targets.</summary>
    public async Task AskAsync(int count, CancellationToken cancellationToken)
    {
        await Wrk.RunAsync(server.Url, targets, new WrkLoad { Seconds = Patience, First = Next, Count = count }, cancellationToken);
        Next = (Next + count) % targets.Count;
    }

    /// <summary>Asks for all targets once.</summary>
    public Task AskAllAsync(CancellationToken cancellationToken) => AskAsync(targets.Count, cancellationToken);

    /// <summary>Asks for the next targets, and measures; the one after the last is the first.</summary>
    public async Task<Measurement> MeasureAsync(WrkLoad load, CancellationToken cancellationToken)
    {
        TimeSpan before = server.CpuTime;
        WrkResult result = await Wrk.RunAsync(server.Url, targets, load with { First = Next }, cancellationToken);
        TimeSpan cost = server.CpuTime - before;
        Next = (int)((Next + result.Requests) % targets.Count);
        if (result.Broken > 0)
            Progress.Note($"{server.Name}: {result.Broken} connections failed");
        return Measurement.OfRequests(result.Requests, cost, result.Wall, result.P50, result.P99);
    }

    /// <summary>As <see cref="MeasureAsync"/>, but ends when there is nothing new.</summary>
    public Task<Measurement> MeasureNewAsync(WrkLoad load, CancellationToken cancellationToken) =>
        MeasureAsync(load with { Count = targets.Count - Next }, cancellationToken);
}
