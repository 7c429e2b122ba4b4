using Harmonia.Benchmarks.Servers.Reports;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>Resident memory of all servers, idle and under downloads. Ours is started for it.</summary>
internal sealed class MemoryWork(Session session, CacheServers servers) : Work("memory")
{
    private const string Title = "resident memory of all processes, MB";
    private const int OtherServers = 2;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        StorePath text = session.Store.Large(BenchmarkStore.Text);
        StorePath random = session.Store.Large(BenchmarkStore.RandomBytes);
        IReadOnlyList<Server> plain = await servers.PlainAsync(cancellationToken);
        Server fresh = await servers.FreshAsync(cancellationToken);
        await fresh.GetTextAsync($"{text.Hash}.narinfo", cancellationToken);
        Results results = session.Results;
        foreach (Server server in (Server[])[plain[0], fresh, .. plain.Skip(OtherServers)])
        {
            string name = server == fresh ? "harmonia" : server.Name;
            results.Add(Title, $"{name}: idle", server.ResidentMegabytes);
            results.Add(Title, $"{name}: 16 zstd downloads", await MeasureAsync(16, text, LoadMemory.Zstd));
            results.Add(Title, $"{name}: 32 slow zstd downloads", await MeasureAsync(32, text, [.. LoadMemory.Zstd, .. LoadMemory.Slow]));
            results.Add(Title, $"{name}: 32 slow downloads", await MeasureAsync(32, random, LoadMemory.Slow));

            Task<double> MeasureAsync(int clients, StorePath path, IReadOnlyList<string> arguments) =>
                LoadMemory.MeasureAsync(session, server, clients, path, arguments, cancellationToken);
        }
    }
}
