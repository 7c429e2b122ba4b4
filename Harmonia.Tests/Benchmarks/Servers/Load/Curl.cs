using Harmonia.Benchmarks.Servers.Processes;

namespace Harmonia.Benchmarks.Servers.Load;

/// <summary>Downloads by curl, whose output is dropped.</summary>
internal static class Curl
{
    private const int SlowLimitSeconds = 8;

    /// <summary>Downloads a URL some times, one after the other; false if that failed.</summary>
    public static Task<bool> DownloadAsync(string url, int times, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        Command.TryRunAsync(
            "curl",
            [
                "--silent", "--fail", .. arguments,
                .. Enumerable.Repeat((string[])["--output", "/dev/null", url], times).SelectMany(static each => each),
            ],
            cancellationToken);

    /// <summary>The version of HTTP that a server speaks with curl, such as 1.1 or 2.</summary>
    public static Task<string> HttpVersionAsync(string url, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        Command.ReadAsync(
            "curl", ["--silent", "--head", .. arguments, "--output", "/dev/null", "--write-out", "%{http_version}", url], cancellationToken);

    /// <summary>Begins a download that is ended after some seconds.</summary>
    public static RunningProgram Begin(string url, IReadOnlyList<string> arguments) => RunningProgram.Start(
        "/dev/null", "curl", ["--silent", "--output", "/dev/null", "--max-time", $"{SlowLimitSeconds}", .. arguments, url]);
}
