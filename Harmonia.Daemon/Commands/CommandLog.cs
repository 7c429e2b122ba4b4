using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Commands;

/// <summary>What the start and the end log.</summary>
internal static partial class CommandLog
{
    [LoggerMessage(1, LogLevel.Information, "harmonia-daemon {Version} listens on {Socket} for the store {Store}; the database is {Access}")]
    public static partial void Listening(this ILogger logger, string version, string socket, string store, string access);

    [LoggerMessage(2, LogLevel.Information, "Stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(
        4, LogLevel.Warning, "Only {Limit} connections are served at once instead of {Configured}: more would need a higher limit of open files than {Files}")]
    public static partial void FewerConnections(this ILogger logger, int limit, int configured, ulong files);

    [LoggerMessage(5, LogLevel.Warning, "What killed processes have left in the store can't be removed: {Reason}")]
    public static partial void LeftoversRemain(this ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "{Warning}")]
    public static partial void ConfigurationWarning(this ILogger logger, string warning);
}
