namespace Harmonia.Protocol.Client;

/// <summary>Every connection of a <see cref="DaemonPool"/> was in use for as long as a caller may wait.</summary>
internal sealed class DaemonPoolExhaustedException(string message, Exception? innerException = null)
    : DaemonUnavailableException(message, innerException);
