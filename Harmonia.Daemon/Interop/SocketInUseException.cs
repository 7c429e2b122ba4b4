namespace Harmonia.Daemon.Interop;

/// <summary>The daemon cannot listen on its socket: another process does, or another kind of file is there.</summary>
internal sealed class SocketInUseException(string message) : IOException(message);
