namespace Harmonia.Protocol.Wire;

/// <summary>
/// The peer broke the protocol: its bytes make no sense here, or ended in the middle of a message.
/// The connection is out of step and has to be closed.
/// </summary>
public sealed class WireException : IOException
{
    /// <summary>Makes one that says what was expected and what came.</summary>
    public WireException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with the parser's complaint as its cause.</summary>
    public WireException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
