using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>The peer answered with an error, in good order: the connection goes on.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is always a RemoteError.")]
public sealed class RemoteErrorException : Exception
{
    /// <summary>Makes one whose message is that of the error.</summary>
    public RemoteErrorException(RemoteError error)
        : base(error.Message) => Error = error;

    /// <summary>What the peer said.</summary>
    public RemoteError Error { get; }
}
