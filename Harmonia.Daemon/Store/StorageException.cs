namespace Harmonia.Daemon.Store;

/// <summary>What was sent to the store could not be written there: no room, no rights, no file descriptors.</summary>
internal sealed class StorageException(string message, Exception innerException) : IOException(message, innerException);
