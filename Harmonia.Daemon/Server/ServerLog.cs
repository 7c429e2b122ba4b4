using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Server;

/// <summary>Log messages of the accept loop.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(10, LogLevel.Warning, "The limit of {Limit} connections is reached: new clients have to wait")]
    public static partial void TooManyConnections(this ILogger logger, int limit);

    [LoggerMessage(11, LogLevel.Warning, "Cannot accept connections at the moment: {Reason}")]
    public static partial void AcceptFailed(this ILogger logger, string reason);
}
