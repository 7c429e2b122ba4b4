namespace Harmonia.Daemon.Interop;

/// <summary>The daemon can't listen where it should: something else is there.</summary>
internal sealed class SocketInUseException(string message) : IOException(message);
