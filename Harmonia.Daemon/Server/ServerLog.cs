using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Server;

/// <summary>What the accept loop logs.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(10, LogLevel.Warning, "There are {Limit} connections, as many as are served at once: new clients wait")]
    public static partial void TooManyConnections(this ILogger logger, int limit);

    [LoggerMessage(11, LogLevel.Warning, "No connection can be accepted at the moment: {Reason}")]
    public static partial void AcceptFailed(this ILogger logger, string reason);
}
