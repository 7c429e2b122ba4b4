namespace Harmonia.Daemon.Store;

/// <summary>The store's files could not be read or written: no room, no rights, no file descriptors, or not what they should be.</summary>
internal sealed class StorageException(string message, Exception innerException) : IOException(message, innerException);
