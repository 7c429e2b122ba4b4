namespace Harmonia.Daemon.Database;

/// <summary>The daemon says no to a request that it has read completely. The client is told why, and the connection goes on.</summary>
internal sealed class RefusedException(string message) : Exception(message);
