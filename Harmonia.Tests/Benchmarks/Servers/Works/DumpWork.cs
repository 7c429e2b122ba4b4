using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>What <c>nix-store --dump</c> costs by itself, and piped into zstd: CPU s for each GB of NAR.</summary>
internal sealed class DumpWork(Session session, CacheServers servers) : Work("nix-store --dump")
{
    private const string Title = "nix-store --dump, CPU s per GB of NAR";
    private const double BytesPerGigabyte = 1e9;
    private const int TinyTimes = 5;
    private const int MaxPipes = 2;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        await servers.NginxAsync(cancellationToken);
        for (int round = 0; round <= session.Scale.Rounds; round++)
        {
            double tiny = await MeasureAsync(BenchmarkStore.TinyFiles, TinyTimes, "nix-store --dump \"$0\" >/dev/null", cancellationToken);
            double? piped = round > MaxPipes
                ? null
                : await MeasureAsync(BenchmarkStore.Text, 1, "nix-store --dump \"$0\" | zstd --quiet -1 --threads=1 >/dev/null", cancellationToken);
            if (round == 0)
                continue;
            session.Results.Add(Title, "20,000 tiny files", tiny);
            if (piped is { } cost)
                session.Results.Add(Title, "500 MB of text, `| zstd -1`", cost);
        }
    }

    // The shell connects the programs, so no data passes through this process.
    private async Task<double> MeasureAsync(string largeName, int times, string script, CancellationToken cancellationToken)
    {
        StorePath path = session.Store.Large(largeName);
        TimeSpan before = Libc.CpuTimeOfEndedChildren();
        for (int time = 0; time < times; time++)
            await Command.ReadAsync("/bin/sh", ["-c", script, session.Store.FilesOf(path)], cancellationToken);
        TimeSpan cost = Libc.CpuTimeOfEndedChildren() - before;
        return cost.TotalSeconds / (times * (await session.StaticFiles.NarSizeAsync(path, cancellationToken) / BytesPerGigabyte));
    }
}
