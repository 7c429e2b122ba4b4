using Harmonia.Benchmarks.Servers.Load;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Running;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>The most memory that a server takes while clients download.</summary>
internal static class LoadMemory
{
    /// <summary>Arguments of a client that accepts zstd.</summary>
    public static readonly IReadOnlyList<string> Zstd = ["--header", "Accept-Encoding: zstd"];

    /// <summary>Arguments of a slow client.</summary>
    public static readonly IReadOnlyList<string> Slow = ["--limit-rate", "50K"];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>MB of resident memory.</summary>
    /// <param name="clients">How many download at the same time.</param>
    /// <param name="path">Whose NAR.</param>
    /// <param name="arguments">For curl.</param>
    public static async Task<double> MeasureAsync(
        Session session, Server server, int clients, StorePath path, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string url = $"{server.Url}/{await server.NarUrlAsync(path, cancellationToken)}";
        List<RunningProgram> group = [];
        try
        {
            for (int client = 0; client < clients; client++)
                group.Add(Curl.Begin(url, arguments));
            double most = 0;
            for (int sample = 0; sample < session.Scale.MemorySamples; sample++)
            {
                most = Math.Max(most, server.ResidentMegabytes);
                await Task.Delay(Pause, cancellationToken);
            }

            return most;
        }
        finally
        {
            foreach (RunningProgram client in group)
                await client.DisposeAsync();
        }
    }
}
