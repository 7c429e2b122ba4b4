using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Harmonia.Tests.Support;

/// <summary>A running harmonia-cache without a daemon, or with a fake one, for tests of its own responses.</summary>
public sealed class CacheProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private CacheProcess(HarmoniaProgram program, int port) => (Program, Port) = (program, port);

    public HarmoniaProgram Program { get; }

    /// <summary>Its loopback port.</summary>
    public int Port { get; }

    /// <summary>Starts one with settings of its own and waits until it answers <c>/health</c>.</summary>
    /// <param name="directory">Gets its configuration file.</param>
    /// <param name="settings">The lines beside where it listens.</param>
    /// <param name="curlArguments">What curl needs to be let in.</param>
    /// <param name="environment">Variables of the process.</param>
    /// <param name="daemonSocket">The daemon it asks; null for none.</param>
    public static async Task<CacheProcess> StartAsync(
        TemporaryDirectory directory, string settings, string[] curlArguments, IReadOnlyDictionary<string, string?>? environment = null,
        string? daemonSocket = null)
    {
        int port = FreePort();
        string scheme = settings.Contains("tls_cert_path", StringComparison.Ordinal) ? "https" : "http";
        await File.WriteAllTextAsync(directory["harmonia.toml"], $"""
            bind = "127.0.0.1:{port}"
            daemon_socket = "{daemonSocket ?? directory["no-daemon"]}"
            {settings}
            """);
        HarmoniaProgram program = await HarmoniaProgram.StartAsync(
            "harmonia-cache", ["--config", directory["harmonia.toml"]],
            async () => (await Command.TryRunAsync(
                "curl", ["--silent", "--fail", .. curlArguments, $"{scheme}://localhost:{port}/health"])).ExitCode == 0,
            environment);
        return new CacheProcess(program, port);
    }

    /// <summary>A TCP port of the loopback that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Sends SIGHUP.</summary>
    public Task SendSighupAsync() => SignalAsync("HUP");

    public async Task SignalAsync(string signal) => await Command.RunAsync("kill", [$"-{signal}", $"{Program.ProcessId}"]);

    /// <summary>Waits until the log has a text.</summary>
    public async Task LogsAsync(string text)
    {
        long start = Stopwatch.GetTimestamp();
        while (!Program.Log.Contains(text, StringComparison.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new TimeoutException($"'{text}' is not in the log:\n{Program.Log}");
            await Task.Yield();
        }
    }

    public ValueTask DisposeAsync() => Program.DisposeAsync();
}
