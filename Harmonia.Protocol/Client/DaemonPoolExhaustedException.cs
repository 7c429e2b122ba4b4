namespace Harmonia.Protocol.Client;

/// <summary>Every connection of a <see cref="DaemonPool"/> was in use for as long as a caller may wait.</summary>
public sealed class DaemonPoolExhaustedException : DaemonUnavailableException
{
    /// <summary>Makes one without a message.</summary>
    public DaemonPoolExhaustedException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public DaemonPoolExhaustedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and its cause.</summary>
    public DaemonPoolExhaustedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
