namespace Harmonia.Daemon.Store;

/// <summary>
/// The store's files could not be read or written: no space, no permission, no file descriptors, or unexpected contents.
/// </summary>
internal sealed class StorageException(string message, Exception innerException) : IOException(message, innerException);
