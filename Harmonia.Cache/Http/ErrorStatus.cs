using Harmonia.Protocol.Client;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;

namespace Harmonia.Cache.Http;

/// <summary>
/// The one table from failures to responses. A daemon that is unreachable, silent or wrong is a 503: clients try again and then ask the
/// next cache. Files that can't be read are a 404, since trying again would not help.
/// </summary>
public static class ErrorStatus
{
    // Of all the daemon's errors this one alone is about the path asked for. Nix: src/libstore/store-api.cc, InvalidPath.
    private const string InvalidPath = "is not valid";

    public static ErrorReply For(Exception exception) => exception switch
    {
        RemoteErrorException remote when remote.Message.Contains(InvalidPath, StringComparison.Ordinal) => ErrorReply.NotFound,
        RemoteErrorException or DaemonUnavailableException or WireException => ErrorReply.ServiceUnavailable,
        OperationCanceledException or TimeoutException or OverloadedException => ErrorReply.ServiceUnavailable,
        SystemCallException call when IsExhaustion(call.ErrorNumber) => ErrorReply.ServiceUnavailable,
        IOException => ErrorReply.NotFound,
        _ => ErrorReply.InternalServerError,
    };

    /// <summary>Whether the daemon could not be reached, which the catalog has logged once for all requests.</summary>
    public static bool IsDaemonMissing(Exception exception) => exception is DaemonUnavailableException or TimeoutException;

    // The next request may find memory and descriptors again.
    private static bool IsExhaustion(int errorNumber) => errorNumber is Errno.NoMemory or Errno.TooManyFilesInSystem or Errno.TooManyFiles;
}
