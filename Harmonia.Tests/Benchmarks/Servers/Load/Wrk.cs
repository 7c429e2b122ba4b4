using System.Globalization;
using Harmonia.Benchmarks.Servers.Processes;

namespace Harmonia.Benchmarks.Servers.Load;

/// <summary>Requests for small responses: wrk with one thread and 32 connections, which ask for the targets one after the other.</summary>
internal sealed class Wrk(Workspace workspace)
{
    private const string Mark = "BENCH ";
    private const int Connections = 32;

    /// <param name="url">The server's.</param>
    /// <param name="targets">Each begins with a slash.</param>
    /// <param name="header">One more header; null for none.</param>
    public async Task<WrkResult> RunAsync(
        string url, IReadOnlyList<string> targets, int seconds, (string Name, string Value)? header, CancellationToken cancellationToken)
    {
        string requests = Path.Combine(workspace.Run, $"requests-{Path.GetRandomFileName()}");
        try
        {
            await File.WriteAllLinesAsync(requests, targets, cancellationToken);
            string output = await Command.ReadAsync(
                "wrk",
                ["--threads", "1", "--connections", $"{Connections}", "--duration", $"{seconds}s", "--latency", "--script", Workspace.Asset("Load/requests.lua"), url],
                cancellationToken,
                new Dictionary<string, string>
                {
                    ["REQUESTS"] = requests,
                    ["HEADER"] = header?.Name ?? "",
                    ["VALUE"] = header?.Value ?? "",
                });
            return Parse(output);
        }
        finally
        {
            File.Delete(requests);
        }
    }

    private static WrkResult Parse(string output)
    {
        string line = output.Split('\n').FirstOrDefault(static line => line.StartsWith(Mark, StringComparison.Ordinal))
            ?? throw new BenchmarkException($"wrk failed:\n{output}");
        long[] numbers = [.. line[Mark.Length..].Split(' ').Select(static number => long.Parse(number, CultureInfo.InvariantCulture))];
        return new WrkResult(numbers[0], TimeSpan.FromMicroseconds(numbers[2]), numbers[3], numbers[4], numbers[5], numbers[6]);
    }
}
