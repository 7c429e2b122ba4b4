namespace Harmonia.Protocol.Client;

/// <summary>
/// The daemon accepted the connection and closed it before it sent a byte. nix-daemon does that to users who are not among
/// <c>allowed-users</c> (src/nix/unix/daemon.cc, daemonLoop). A daemon that stops at that moment looks the same.
/// </summary>
internal sealed class DaemonRefusedException(string message, Exception? innerException = null)
    : DaemonUnavailableException(message, innerException);
