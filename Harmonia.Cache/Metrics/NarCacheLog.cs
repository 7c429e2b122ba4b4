namespace Harmonia.Cache.Metrics;

/// <summary>The messages of stored NARs.</summary>
public static partial class NarCacheLog
{
    [LoggerMessage(160, LogLevel.Information,
        "{Directory} has {Count} stored NARs of {Bytes} bytes; the limit is {MaxBytes}. {Unfinished} unfinished files were removed")]
    public static partial void NarCacheOpened(
        this ILogger logger, string directory, int count, long bytes, long maxBytes, int unfinished);

    [LoggerMessage(161, LogLevel.Debug, "{Path}: stored in {Bytes} bytes; its NAR has {NarBytes}")]
    public static partial void NarStored(this ILogger logger, string path, long bytes, long narBytes);

    [LoggerMessage(162, LogLevel.Warning,
        "{Path}: sent, but not stored; nothing is stored for {Seconds} s: {Reason}")]
    public static partial void NarNotStored(this ILogger logger, string path, string reason, double seconds);

    [LoggerMessage(163, LogLevel.Error, "{Path}: not compressed; its clients are cut off or get 404: {Reason}")]
    public static partial void NarNotMade(this ILogger logger, string path, string reason);

    [LoggerMessage(164, LogLevel.Debug, "{File}: evicted because more than {MaxBytes} bytes were stored")]
    public static partial void StoredNarEvicted(this ILogger logger, string file, long maxBytes);

    [LoggerMessage(165, LogLevel.Warning, "{File}: missing or truncated; its NAR is compressed again")]
    public static partial void StoredNarGone(this ILogger logger, string file);

    [LoggerMessage(168, LogLevel.Warning, "{File}: its hash does not match its name, so it changed on disk; its NAR is compressed again")]
    public static partial void StoredNarDamaged(this ILogger logger, string file);

    [LoggerMessage(169, LogLevel.Warning, "{File}: cannot be read to check its hash: {Reason}")]
    public static partial void StoredNarNotChecked(this ILogger logger, string file, string reason);

    [LoggerMessage(167, LogLevel.Warning, "{File}: cannot be created to mark a NAR that is not worth compressing: {Reason}")]
    public static partial void NotMarked(this ILogger logger, string file, string reason);

    [LoggerMessage(166, LogLevel.Debug, "{Path}: answered 503: {Reason} [{RequestId}]")]
    public static partial void NarMustWait(this ILogger logger, string path, string reason, string requestId);
}
