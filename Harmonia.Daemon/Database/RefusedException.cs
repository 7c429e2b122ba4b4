namespace Harmonia.Daemon.Database;

/// <summary>The daemon refuses a request that it has read completely. The client gets the message, and the connection stays open.</summary>
internal sealed class RefusedException(string message) : Exception(message);
