namespace Harmonia.Protocol.Client;

/// <summary>The client could not connect to the daemon. The message names the socket and the reason. A later attempt may succeed.</summary>
internal class DaemonUnavailableException(string message, Exception? innerException = null) : IOException(message, innerException);
