using System.Globalization;
using Harmonia.Benchmarks.Servers.Processes;

namespace Harmonia.Benchmarks.Servers.Load;

/// <summary>Requests for small responses: wrk with one thread and 32 connections, which ask for the targets one after the other.</summary>
internal sealed class Wrk(Workspace workspace)
{
    private const string Mark = "BENCH ";

    /// <param name="url">The server's.</param>
    /// <param name="targets">Each begins with a slash.</param>
    /// <param name="header">One more header; null for none.</param>
    public async Task<WrkResult> RunAsync(
        string url, IReadOnlyList<string> targets, int seconds, (string Name, string Value)? header, CancellationToken cancellationToken)
    {
        using TargetFile file = await TargetFile.WriteAsync(workspace, targets, cancellationToken);
        return await RunAsync(url, file, new WrkLoad { Seconds = seconds, Header = header }, cancellationToken);
    }

    /// <summary>Asks for targets that are used more than once.</summary>
    public static async Task<WrkResult> RunAsync(string url, TargetFile targets, WrkLoad load, CancellationToken cancellationToken) => Parse(await Command.ReadAsync(
        "wrk",
        [
            "--threads", "1", "--connections", $"{load.Connections}", "--duration", $"{load.Seconds}s", "--latency",
            "--script", Workspace.Asset("Load/requests.lua"), url,
        ],
        cancellationToken,
        new Dictionary<string, string>
        {
            ["REQUESTS"] = targets.Path,
            ["FIRST"] = $"{load.First}",
            ["COUNT"] = $"{load.Count}",
            ["DELAY"] = $"{load.Delay}",
            ["HEADER"] = load.Header?.Name ?? "",
            ["VALUE"] = load.Header?.Value ?? "",
        }));

    private static WrkResult Parse(string output)
    {
        string line = output.Split('\n').FirstOrDefault(static line => line.StartsWith(Mark, StringComparison.Ordinal))
            ?? throw new BenchmarkException($"wrk failed:\n{output}");
        long[] numbers = [.. line[Mark.Length..].Split(' ').Select(static number => long.Parse(number, CultureInfo.InvariantCulture))];
        return new WrkResult(numbers[0], TimeSpan.FromMicroseconds(numbers[2]), numbers[3], numbers[4], numbers[5], numbers[6]);
    }
}
