using System.CommandLine;
using System.Globalization;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Hosting.Commands;

/// <summary><c>status [ADDRESS]</c>: what a running cache does, in a few lines for people.</summary>
internal static class StatusCommand
{
    private const int Failed = 1;
    private const int Good = 200;

    // The daemon sends all names: about 10 MB for 100,000 paths.
    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        Option<string?> config = HealthCommand.CreateConfigOption();
        Argument<string?> address = HealthCommand.CreateAddress();
        Command command = new("status", "Prints what a running cache does. Ends with 1 if it is not ready to serve.") { config, address };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(address), result.GetValue(config), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? address, string? config, CancellationToken cancellationToken)
    {
        try
        {
            CacheOptions? options = address is null ? HealthCommand.Load(config) : null;
            using RunningCache cache = options is null ? RunningCache.At(address!) : HealthCommand.OfConfiguration(options);
            (int status, string text) = await cache.GetAsync("ready", cancellationToken);
            await PrintAsync(cache, options, cancellationToken);
            if (status == Good)
                return 0;
            await Console.Error.WriteLineAsync($"{cache.Address}: {status} {text.TrimEnd()}");
        }
        catch (Exception exception) when (exception is IOException or FormatException or ConfigurationException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
        }

        return Failed;
    }

    private static async Task PrintAsync(RunningCache cache, CacheOptions? options, CancellationToken cancellationToken)
    {
        (int status, string version) = await cache.GetAsync("version", cancellationToken);
        if (status == Good)
            Print("version", version);
        Print("address", cache.Address);
        (status, string info) = await cache.GetAsync("nix-cache-info", cancellationToken);
        if (status == Good)
            Print("store", $"{Field(info, "StoreDir: ")}, priority {Field(info, "Priority: ")}");
        if (options is not null)
            Print("paths", await CountPathsAsync(options, cancellationToken));
        using RunningCache? metrics = options?.MetricsBind is { } bind ? RunningCache.At(bind, hasTls: false) : null;
        try
        {
            await PrintMetricsAsync(metrics ?? cache, cancellationToken);
        }
        catch (IOException exception)
        {
            // The cache may be well: systemd may listen for metrics elsewhere.
            Print("figures", $"none: {exception.Message}");
        }
    }

    private static async Task PrintMetricsAsync(RunningCache cache, CancellationToken cancellationToken)
    {
        (int status, string text) = await cache.GetAsync("metrics", cancellationToken);
        if (status != Good)
        {
            Print("figures", $"none: {cache.Address} answers {status} to /metrics");
            return;
        }

        MetricsText metrics = new(text);
        if (metrics.Sum("process_start_time_seconds") is { } started)
            Print("uptime", Duration(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch.AddSeconds(started)));
        double hits = metrics.Sum("harmonia_narinfo_lookups_total", "result=\"hit\"") ?? 0;
        Print("narinfos", Share(hits, metrics.Sum("harmonia_narinfo_lookups_total") ?? 0, "of which the store has the path"));
        double fromMemory = metrics.Sum("harmonia_lookups_total", "outcome=\"hit\"") ?? 0;
        Print("lookups", Share(fromMemory, metrics.Sum("harmonia_lookups_total") ?? 0, "answered from memory"));
        if (metrics.Sum("process_resident_memory_bytes") is { } resident)
            Print("memory", string.Create(CultureInfo.InvariantCulture, $"{resident / (1 << 20):F0} MiB"));
        if (metrics.Sum("harmonia_corrupt_paths") is > 0 and { } corrupt)
            Print("damaged", string.Create(CultureInfo.InvariantCulture, $"{corrupt} paths are out of service: their files do not match the database"));
    }

    private static async Task<string> CountPathsAsync(CacheOptions options, CancellationToken cancellationToken)
    {
        string socket = options.DaemonSocket ?? DaemonSockets.Default();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CountLimit);
        try
        {
            DaemonConnector connector = new(new DaemonConnectorOptions { SocketPath = socket, StoreDirectory = options.VirtualStore });
            using DaemonClient daemon = await connector.ConnectAsync(limit.Token);
            int count = await daemon.CountValidPathsAsync(limit.Token);
            return string.Create(CultureInfo.InvariantCulture, $"{count}, as the daemon at {socket} says");
        }
        catch (IOException exception)
        {
            return $"unknown: {exception.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"unknown: the daemon at {socket} did not answer within {CountLimit.TotalSeconds} s";
        }
    }

    private static string Field(string info, string name) =>
        info.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? "unknown";

    private static string Share(double part, double all, string what) => all == 0
        ? "none yet"
        : string.Create(CultureInfo.InvariantCulture, $"{all}, {part / all:P1} {what}");

    private static string Duration(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h {time.Minutes} min {time.Seconds} s");

    private static void Print(string name, string value) => Console.WriteLine($"{name,-9} {value}");
}
