namespace Harmonia.Cache.Metrics;

/// <summary>The messages of start, reload, systemd and limits.</summary>
public static partial class OperationLog
{
    [LoggerMessage(140, LogLevel.Information, "Listening on inherited socket {Name} (descriptor {Descriptor})")]
    public static partial void ListeningOnInherited(this ILogger logger, string name, int descriptor);

    [LoggerMessage(141, LogLevel.Warning, "TLS applies to TCP only; {Address} is served without it")]
    public static partial void UnixSocketWithoutTls(this ILogger logger, string address);

    [LoggerMessage(142, LogLevel.Warning, "systemd cannot be notified at {Socket}: {Reason}")]
    public static partial void NotNotified(this ILogger logger, string socket, string reason);

    [LoggerMessage(143, LogLevel.Error,
        "The thread pool has not responded for {Seconds} s; systemd's watchdog is not notified until it does")]
    public static partial void ThreadPoolBusy(this ILogger logger, double seconds);

    [LoggerMessage(144, LogLevel.Information, "Reloaded; signing with {PublicKeys}, log level {LogLevel}")]
    public static partial void Reloaded(this ILogger logger, string publicKeys, string logLevel);

    [LoggerMessage(145, LogLevel.Error, "Not reloaded; the old configuration stays in use: {Problem}")]
    public static partial void NotReloaded(this ILogger logger, string problem);

    [LoggerMessage(146, LogLevel.Warning, "{Keys}: changed; the change takes effect at the next start")]
    public static partial void NeedsRestart(this ILogger logger, string keys);

    [LoggerMessage(147, LogLevel.Debug, "{Target}: answered 503: {Reason} [{RequestId}]")]
    public static partial void OverLimit(this ILogger logger, string target, string reason, string requestId);

    [LoggerMessage(148, LogLevel.Information, "Requests need one of {Count} credentials")]
    public static partial void Private(this ILogger logger, int count);

    [LoggerMessage(149, LogLevel.Information, "{Target}: cut off: the client reads more slowly than min_send_rate [{RequestId}]")]
    public static partial void ClientTooSlow(this ILogger logger, string target, string requestId);

    [LoggerMessage(170, LogLevel.Error, "A new connection could not be served and was closed")]
    public static partial void ConnectionFailed(this ILogger logger, Exception exception);
}
