using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>The peer replied with an error. The connection stays usable.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is always a RemoteError.")]
public sealed class RemoteErrorException : Exception
{
    /// <summary>Creates an exception with the message of the error.</summary>
    public RemoteErrorException(RemoteError error)
        : base(error.Message) => Error = error;

    /// <summary>The error.</summary>
    public RemoteError Error { get; }
}
