namespace Harmonia.Protocol.Client;

/// <summary>
/// The daemon accepted the connection and closed it before it sent a byte. nix-daemon does that to users who are not among
/// <c>allowed-users</c> (src/nix/unix/daemon.cc, daemonLoop). A daemon that stops at that moment looks the same.
/// </summary>
public sealed class DaemonRefusedException : DaemonUnavailableException
{
    /// <summary>Makes one without a message.</summary>
    public DaemonRefusedException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public DaemonRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and its cause.</summary>
    public DaemonRefusedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
