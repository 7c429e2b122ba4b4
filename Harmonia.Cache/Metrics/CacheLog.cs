namespace Harmonia.Cache.Metrics;

/// <summary>The messages of the cache. They may contain store paths, but never keys.</summary>
public static partial class CacheLog
{
    [LoggerMessage(100, LogLevel.Information, "{Program} serves {StoreDirectory} (files in {RealStore}), priority {Priority}")]
    public static partial void Starting(
        this ILogger logger, string program, string storeDirectory, string realStore, int priority);

    [LoggerMessage(101, LogLevel.Information, "Configuration: {Source}")]
    public static partial void ConfiguredFrom(this ILogger logger, string source);

    [LoggerMessage(102, LogLevel.Warning, "{Warning}")]
    public static partial void ConfigurationWarning(this ILogger logger, string warning);

    [LoggerMessage(103, LogLevel.Information, "Signing with {PublicKey}")]
    public static partial void SigningWith(this ILogger logger, string publicKey);

    [LoggerMessage(104, LogLevel.Information, "Listening on {Address}")]
    public static partial void Listening(this ILogger logger, string address);

    [LoggerMessage(105, LogLevel.Information, "Asking the daemon at {Socket}")]
    public static partial void AskingDaemon(this ILogger logger, string socket);

    [LoggerMessage(106, LogLevel.Information, "Stopping; requests in progress have {Seconds} s to finish")]
    public static partial void Stopping(this ILogger logger, double seconds);

    [LoggerMessage(107, LogLevel.Critical, "The {Task} has failed; the cache stops")]
    public static partial void BackgroundTaskFailed(this ILogger logger, string task, Exception exception);

    [LoggerMessage(110, LogLevel.Warning, "The daemon is unavailable; clients get 503 until it is back: {Reason}")]
    public static partial void DaemonCannotBeAsked(this ILogger logger, string reason);

    [LoggerMessage(111, LogLevel.Information, "The daemon is available again")]
    public static partial void DaemonCanBeAskedAgain(this ILogger logger);

    [LoggerMessage(112, LogLevel.Error,
        "The daemon serves a store directory other than {StoreDirectory}; set virtual_nix_store to the daemon's: {Reason}")]
    public static partial void DaemonServesOtherStore(this ILogger logger, string storeDirectory, string reason);

    [LoggerMessage(113, LogLevel.Error,
        "The daemon refused user {User}; allowed-users in its nix.conf must include this user. Clients get 503 until then: {Reason}")]
    public static partial void DaemonRefusesUser(this ILogger logger, string user, string reason);

    [LoggerMessage(114, LogLevel.Error,
        "The directory of the store's files, {Directory}, does not exist; NARs and files are 404 until it does; see real_nix_store")]
    public static partial void StoreFilesMissing(this ILogger logger, string directory);

    [LoggerMessage(115, LogLevel.Information, "The directory of the store's files, {Directory}, exists again")]
    public static partial void StoreFilesAreBack(this ILogger logger, string directory);

    [LoggerMessage(116, LogLevel.Information,
        "The daemon announces every change of its database; answers in memory are valid until the next change")]
    public static partial void ChangesAnnounced(this ILogger logger);

    [LoggerMessage(117, LogLevel.Information,
        "The daemon no longer announces changes; answers in memory are valid for a short time only: {Reason}")]
    public static partial void ChangesNotAnnounced(this ILogger logger, string reason);

    /// <summary>The access log.</summary>
    [LoggerMessage(EventId = 120, Message = "{Method} {Target} {Status} {Bytes} bytes {Milliseconds:F1} ms {Client} [{RequestId}]")]
    public static partial void Answered(
        this ILogger logger, LogLevel level, string method, string target, int status, long bytes, double milliseconds, string client,
        string requestId);

    [LoggerMessage(121, LogLevel.Debug, "{Target}: the client disconnected [{RequestId}]")]
    public static partial void ClientGone(this ILogger logger, string target, string requestId);

    [LoggerMessage(122, LogLevel.Debug, "{Target}: answered {Status}: {Reason} [{RequestId}]")]
    public static partial void DaemonMissing(this ILogger logger, string target, int status, string reason, string requestId);

    [LoggerMessage(123, LogLevel.Error, "{Target}: answered {Status} [{RequestId}]")]
    public static partial void RequestFailed(this ILogger logger, string target, int status, string requestId, Exception exception);

    [LoggerMessage(124, LogLevel.Error, "{Target}: the response was cut off in its body [{RequestId}]")]
    public static partial void BodyCut(this ILogger logger, string target, string requestId, Exception exception);

    [LoggerMessage(130, LogLevel.Error,
        "{Path}: not served: its size is not in the database; `nix-store --verify` shows more [{RequestId}]")]
    public static partial void NarSizeUnknown(this ILogger logger, string path, string requestId);

    [LoggerMessage(131, LogLevel.Error,
        "{Path}: not served: the database says {NarSize} bytes, but the NAR of its files has {ActualSize}; "
        + "`nix store repair` repairs it [{RequestId}]")]
    public static partial void NarSizeDiffers(this ILogger logger, string path, ulong narSize, long actualSize, string requestId);

    [LoggerMessage(132, LogLevel.Error, "{Path}: not served: {Reason} [{RequestId}]")]
    public static partial void NarUnreadable(this ILogger logger, string path, string reason, string requestId);

    // Clients ask every cache for every path, so an unknown hash is the usual case.
    [LoggerMessage(133, LogLevel.Debug, "{Target}: 404: no valid path has this hash [{RequestId}]")]
    public static partial void HashUnknown(this ILogger logger, string target, string requestId);

    [LoggerMessage(134, LogLevel.Information,
        "{Path}: 404: the client requested the NAR {Asked}, but the database has {Known}; "
        + "the client's narinfo is out of date [{RequestId}]")]
    public static partial void NarHashDiffers(this ILogger logger, string path, string asked, string known, string requestId);

    [LoggerMessage(135, LogLevel.Information,
        "{Target}: 404: no narinfo requested recently has this NAR hash, and the URL does not name a path [{RequestId}]")]
    public static partial void NarUnknown(this ILogger logger, string target, string requestId);

    [LoggerMessage(136, LogLevel.Error,
        "{Path}: taken out of service: the NAR of its files has the hash {Actual}, but the database says {Expected}; "
        + "`nix-store --repair-path` or `nix store repair` repairs it")]
    public static partial void NarCorrupt(this ILogger logger, string path, string actual, string expected);

    [LoggerMessage(137, LogLevel.Information, "{Path}: in service again: its files or its hash in the database changed")]
    public static partial void NarRepaired(this ILogger logger, string path);

    [LoggerMessage(138, LogLevel.Debug, "{Path}: 404: out of service because its files do not match the database")]
    public static partial void PathOutOfService(this ILogger logger, string path);

    [LoggerMessage(151, LogLevel.Debug, "{Target}: 404: this derivation has no log [{RequestId}]")]
    public static partial void LogUnknown(this ILogger logger, string target, string requestId);

    [LoggerMessage(152, LogLevel.Warning, "{Target}: 404: the log cannot be read or is still being written: {Reason} [{RequestId}]")]
    public static partial void LogUnreadable(this ILogger logger, string target, string reason, string requestId);

    [LoggerMessage(153, LogLevel.Debug, "{Target}: 404: the daemon does not know this output in this form [{RequestId}]")]
    public static partial void RealisationUnknown(this ILogger logger, string target, string requestId);

    [LoggerMessage(154, LogLevel.Warning,
        "The daemon closes the connection when asked for a realisation, as Nix does without ca-derivations; "
        + "requests for realisations get 404 for {Minutes} min: {Reason}")]
    public static partial void RealisationsNotAsked(this ILogger logger, double minutes, string reason);
}
