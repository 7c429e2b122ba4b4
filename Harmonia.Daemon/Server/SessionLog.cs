using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Harmonia.Daemon.Server;

/// <summary>Log messages of sessions.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(20, LogLevel.Debug, "Connection {Number}: protocol {Version}, {Trust}")]
    public static partial void SessionStarted(this ILogger logger, long number, ProtocolVersion version, Trust trust);

    [LoggerMessage(21, LogLevel.Debug, "Connection {Number}: closed")]
    public static partial void SessionEnded(this ILogger logger, long number);

    [LoggerMessage(22, LogLevel.Debug, "Connection {Number}: closed by the daemon, because it is shutting down or the handshake timed out")]
    public static partial void SessionCancelled(this ILogger logger, long number);

    [LoggerMessage(23, LogLevel.Debug, "Connection {Number}: {Reason}")]
    public static partial void PeerLost(this ILogger logger, long number, string reason);

    [LoggerMessage(24, LogLevel.Debug, "Connection {Number}: {Operation} refused: {Reason}")]
    public static partial void RequestRefused(this ILogger logger, long number, Operation operation, string reason);

    [LoggerMessage(25, LogLevel.Error, "Connection {Number}: {Operation} failed: {Reason}")]
    public static partial void RequestFailed(this ILogger logger, long number, Operation operation, string reason);

    [LoggerMessage(26, LogLevel.Warning, "Connection {Number}: {Operation} violates the protocol: {Reason}")]
    public static partial void PeerBrokeProtocol(this ILogger logger, long number, Operation operation, string reason);

    [LoggerMessage(27, LogLevel.Error, "Connection {Number}: unexpected error in {Operation}")]
    public static partial void UnexpectedFailure(this ILogger logger, long number, Operation operation, Exception exception);

    [LoggerMessage(28, LogLevel.Warning, "Connection {Number}: closed during the reply to {Operation}")]
    public static partial void ReplyBroken(this ILogger logger, long number, Operation operation, Exception exception);

    [LoggerMessage(30, LogLevel.Warning, "Connection {Number}: the handshake failed: {Reason}")]
    public static partial void HandshakeFailed(this ILogger logger, long number, string reason);

    [LoggerMessage(29, LogLevel.Debug, "Connection {Number}: from process {Process} of user {User}")]
    public static partial void ClientAccepted(this ILogger logger, long number, int process, uint user);

    [LoggerMessage(31, LogLevel.Warning, "Connection {Number}: user '{User}' is not allowed to connect")]
    public static partial void ClientRefused(this ILogger logger, long number, string user);
}
