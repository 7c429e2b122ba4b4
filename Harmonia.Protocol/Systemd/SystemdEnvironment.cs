using System.Globalization;

namespace Harmonia.Protocol.Systemd;

/// <summary>What systemd tells a service that it starts: sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3).</summary>
public sealed record SystemdEnvironment
{
    private const int MaxSockets = 1024;

    /// <summary>The names of the sockets from descriptor 3 on; empty where there are none.</summary>
    public IReadOnlyList<string> SocketNames { get; init; } = [];

    /// <summary>Where messages to systemd go; null where it wants none.</summary>
    public string? NotifySocket { get; init; }

    /// <summary>How long the service may be silent; null for as long as it likes.</summary>
    public TimeSpan? WatchdogLimit { get; init; }

    /// <summary>Reads the variables of this process.</summary>
    public static SystemdEnvironment OfProcess() => Read(Environment.GetEnvironmentVariable, Environment.ProcessId);

    /// <summary>Reads the variables.</summary>
    /// <param name="variable">Returns the value of one.</param>
    /// <param name="processId">Variables that name another process were meant for it.</param>
    public static SystemdEnvironment Read(Func<string, string?> variable, int processId)
    {
        bool IsMeant(string name) => variable(name) is not { Length: > 0 } id || id == processId.ToString(CultureInfo.InvariantCulture);

        int count = IsMeant("LISTEN_PID") && Number(variable("LISTEN_FDS")) is > 0 and <= MaxSockets and var found ? (int)found : 0;
        string[] names = variable("LISTEN_FDNAMES")?.Split(':') ?? [];
        long? microseconds = IsMeant("WATCHDOG_PID") ? Number(variable("WATCHDOG_USEC")) : null;
        return new SystemdEnvironment
        {
            SocketNames = [.. Enumerable.Range(0, count).Select(index => index < names.Length ? names[index] : "unknown")],
            NotifySocket = variable("NOTIFY_SOCKET") is { Length: > 1 } socket ? socket : null,
            WatchdogLimit = microseconds is > 0 and var limit ? TimeSpan.FromMicroseconds((double)limit) : null,
        };
    }

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
