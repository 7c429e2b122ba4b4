namespace Harmonia.Protocol.Wire;

/// <summary>
/// The peer broke the protocol: its bytes are not valid here, or the stream ended in the middle of a message. The connection must be
/// closed.
/// </summary>
public sealed class WireException : IOException
{
    /// <summary>Creates an exception with a message.</summary>
    public WireException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with the exception of a parser as its cause.</summary>
    public WireException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
