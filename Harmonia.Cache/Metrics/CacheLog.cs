namespace Harmonia.Cache.Metrics;

/// <summary>Every message of the cache. Store paths may stand here, keys never.</summary>
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

    [LoggerMessage(106, LogLevel.Information, "Stopping: requests under way get {Seconds} s to end")]
    public static partial void Stopping(this ILogger logger, double seconds);

    [LoggerMessage(110, LogLevel.Warning, "The daemon cannot be asked; clients get 503 until it can: {Reason}")]
    public static partial void DaemonCannotBeAsked(this ILogger logger, string reason);

    [LoggerMessage(111, LogLevel.Information, "The daemon can be asked again")]
    public static partial void DaemonCanBeAskedAgain(this ILogger logger);

    [LoggerMessage(112, LogLevel.Error,
        "The daemon serves another store directory than {StoreDirectory}; set virtual_nix_store to the daemon's: {Reason}")]
    public static partial void DaemonServesOtherStore(this ILogger logger, string storeDirectory, string reason);

    [LoggerMessage(113, LogLevel.Error,
        "The daemon refused user {User}, as nix-daemon does when allowed-users in its nix.conf names others; clients get 503 meanwhile: {Reason}")]
    public static partial void DaemonRefusesUser(this ILogger logger, string user, string reason);

    [LoggerMessage(114, LogLevel.Error, "The directory of the store's files, {Directory}, is not there; NARs and files are 404 until it is; see real_nix_store")]
    public static partial void StoreFilesMissing(this ILogger logger, string directory);

    [LoggerMessage(115, LogLevel.Information, "The directory of the store's files, {Directory}, is there again")]
    public static partial void StoreFilesAreBack(this ILogger logger, string directory);

    [LoggerMessage(116, LogLevel.Information, "The daemon announces every change of its database; answers are remembered until then")]
    public static partial void ChangesAnnounced(this ILogger logger);

    [LoggerMessage(117, LogLevel.Information, "The daemon no longer announces changes; answers are remembered for a moment only: {Reason}")]
    public static partial void ChangesNotAnnounced(this ILogger logger, string reason);

    /// <summary>The access log.</summary>
    [LoggerMessage(EventId = 120, Message = "{Method} {Target} {Status} {Bytes} bytes {Milliseconds:F1} ms {Client} [{RequestId}]")]
    public static partial void Answered(
        this ILogger logger, LogLevel level, string method, string target, int status, long bytes, double milliseconds, string client,
        string requestId);

    [LoggerMessage(121, LogLevel.Debug, "{Target}: the client is gone [{RequestId}]")]
    public static partial void ClientGone(this ILogger logger, string target, string requestId);

    [LoggerMessage(122, LogLevel.Debug, "{Target}: answered {Status}: {Reason} [{RequestId}]")]
    public static partial void DaemonMissing(this ILogger logger, string target, int status, string reason, string requestId);

    [LoggerMessage(123, LogLevel.Error, "{Target}: answered {Status} [{RequestId}]")]
    public static partial void RequestFailed(this ILogger logger, string target, int status, string requestId, Exception exception);

    [LoggerMessage(124, LogLevel.Error, "{Target}: cut off in the middle of the body [{RequestId}]")]
    public static partial void BodyCut(this ILogger logger, string target, string requestId, Exception exception);

    [LoggerMessage(130, LogLevel.Error,
        "{Path}: not served: its size is not in the database; `nix-store --verify` tells more [{RequestId}]")]
    public static partial void NarSizeUnknown(this ILogger logger, string path, string requestId);

    [LoggerMessage(131, LogLevel.Error,
        "{Path}: not served: the database says {NarSize} bytes, the files make {ActualSize}; `nix store repair` mends it [{RequestId}]")]
    public static partial void NarSizeDiffers(this ILogger logger, string path, ulong narSize, long actualSize, string requestId);

    [LoggerMessage(132, LogLevel.Error, "{Path}: not served: {Reason} [{RequestId}]")]
    public static partial void NarUnreadable(this ILogger logger, string path, string reason, string requestId);

    // Clients ask every cache they know for every path, so that one lacks here is the common case.
    [LoggerMessage(133, LogLevel.Debug, "{Target}: 404: no valid path has this hash [{RequestId}]")]
    public static partial void HashUnknown(this ILogger logger, string target, string requestId);

    [LoggerMessage(134, LogLevel.Information,
        "{Path}: 404: the client asks for the NAR {Asked}, but the database says {Known}; its narinfo is out of date [{RequestId}]")]
    public static partial void NarHashDiffers(this ILogger logger, string path, string asked, string known, string requestId);

    [LoggerMessage(135, LogLevel.Information,
        "{Target}: 404: no narinfo sent since the start, or of late, has this NAR hash, and the URL names no path [{RequestId}]")]
    public static partial void NarUnknown(this ILogger logger, string target, string requestId);

    [LoggerMessage(136, LogLevel.Error,
        "{Path}: taken out of service: its files make a NAR with the hash {Actual}, the database says {Expected}; "
        + "`nix-store --repair-path` or `nix store repair` mends it")]
    public static partial void NarCorrupt(this ILogger logger, string path, string actual, string expected);

    [LoggerMessage(137, LogLevel.Information, "{Path}: in service again: its files were replaced, or its hash in the database was")]
    public static partial void NarRepaired(this ILogger logger, string path);

    [LoggerMessage(138, LogLevel.Debug, "{Path}: 404: out of service, since its files are not what the database says")]
    public static partial void PathOutOfService(this ILogger logger, string path);

    [LoggerMessage(151, LogLevel.Debug, "{Target}: 404: there is no log of this derivation [{RequestId}]")]
    public static partial void LogUnknown(this ILogger logger, string target, string requestId);

    [LoggerMessage(152, LogLevel.Warning, "{Target}: 404: the log cannot be read, or is still being written: {Reason} [{RequestId}]")]
    public static partial void LogUnreadable(this ILogger logger, string target, string reason, string requestId);

    [LoggerMessage(153, LogLevel.Debug, "{Target}: 404: the daemon knows of no such output, at least not in this form [{RequestId}]")]
    public static partial void RealisationUnknown(this ILogger logger, string target, string requestId);

    [LoggerMessage(154, LogLevel.Warning,
        "The daemon breaks off when it is asked what an output was built to, as Nix does without ca-derivations; it is not asked again for {Minutes} min, and clients get 404: {Reason}")]
    public static partial void RealisationsNotAsked(this ILogger logger, double minutes, string reason);
}
