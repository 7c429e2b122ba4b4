using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Commands;

/// <summary>Log messages about the daemon's start and end.</summary>
internal static partial class CommandLog
{
    [LoggerMessage(1, LogLevel.Information, "harmonia-daemon {Version} listens on {Socket} for the store {Store}; the database is {Access}")]
    public static partial void Listening(this ILogger logger, string version, string socket, string store, string access);

    [LoggerMessage(2, LogLevel.Information, "Stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(
        4, LogLevel.Warning, "Serving at most {Limit} connections at once instead of {Configured}: the limit of {Files} open files allows no more")]
    public static partial void FewerConnections(this ILogger logger, int limit, int configured, ulong files);

    [LoggerMessage(5, LogLevel.Warning, "Cannot remove temporary files that killed processes left in the store: {Reason}")]
    public static partial void LeftoversRemain(this ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Information, "Takes over the socket {Name} (descriptor {Descriptor}) from systemd, and ignores socket_path")]
    public static partial void TookOver(this ILogger logger, string name, int descriptor);

    [LoggerMessage(7, LogLevel.Warning, "systemd cannot be notified at {Socket}: {Reason}")]
    public static partial void NotNotified(this ILogger logger, string socket, string reason);

    [LoggerMessage(
        8, LogLevel.Error, "The thread pool has not responded for {Seconds} s; systemd's watchdog is not notified until it does")]
    public static partial void ThreadPoolBusy(this ILogger logger, double seconds);

    // The level depends on whether the process was meant to write.
    [LoggerMessage(
        EventId = 9,
        Message = "The store directory {Directory} is mounted read-only, and this process may not make it writable for itself, for which it "
            + "needs CAP_SYS_ADMIN and mount(2): queries are answered, but nothing can be added or deleted")]
    public static partial void StoreIsReadOnly(this ILogger logger, LogLevel level, string directory);

    [LoggerMessage(3, LogLevel.Warning, "{Warning}")]
    public static partial void ConfigurationWarning(this ILogger logger, string warning);
}
