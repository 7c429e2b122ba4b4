namespace Harmonia.Protocol.Client;

/// <summary>The client could not connect to the daemon. The message names the socket and the reason. A later attempt may succeed.</summary>
public class DaemonUnavailableException : IOException
{
    /// <summary>Makes one without a message.</summary>
    public DaemonUnavailableException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public DaemonUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and its cause.</summary>
    public DaemonUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
