namespace Harmonia.Protocol.Client;

/// <summary>No connection to the daemon could be had. The message says which socket, and why; trying again later may help.</summary>
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
