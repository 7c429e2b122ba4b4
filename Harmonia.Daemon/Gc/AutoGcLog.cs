using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Gc;

/// <summary>Log messages of automatic garbage collections.</summary>
internal static partial class AutoGcLog
{
    [LoggerMessage(40, LogLevel.Information, "The disk is nearly full: collecting garbage to free {Bytes} bytes")]
    public static partial void CollectingAutomatically(this ILogger logger, ulong bytes);

    [LoggerMessage(41, LogLevel.Information, "Deleted {Count} paths and freed {Bytes} bytes")]
    public static partial void CollectedAutomatically(this ILogger logger, int count, ulong bytes);

    [LoggerMessage(42, LogLevel.Error, "The disk is nearly full, but the garbage collection failed: {Reason}")]
    public static partial void AutomaticCollectionFailed(this ILogger logger, string reason);
}
