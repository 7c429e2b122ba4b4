namespace Harmonia.Cache.Metrics;

/// <summary>The messages of kept signatures.</summary>
public static partial class SignatureLog
{
    [LoggerMessage(171, LogLevel.Information, "Signatures by {Key} are kept in {File}")]
    public static partial void KeepsSignatures(this ILogger logger, string key, string file);

    [LoggerMessage(172, LogLevel.Warning, "{File}: signatures are not kept; the next attempt is after {Seconds} s: {Reason}")]
    public static partial void SignaturesNotKept(this ILogger logger, string file, string reason, double seconds);

    [LoggerMessage(173, LogLevel.Warning, "{File}: truncated, damaged or of another max_size; it was emptied")]
    public static partial void SignaturesRenewed(this ILogger logger, string file);

    [LoggerMessage(174, LogLevel.Information, "{File}: deleted, because its key does not sign any more")]
    public static partial void SignaturesDeleted(this ILogger logger, string file);

    [LoggerMessage(175, LogLevel.Warning, "{File}: signatures of keys that do not sign any more cannot be deleted: {Reason}")]
    public static partial void SignaturesNotDeleted(this ILogger logger, string file, string reason);
}
