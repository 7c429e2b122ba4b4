namespace Harmonia.Daemon.Database;

/// <summary>The store's database can't be opened here. The message says who tried what, and how to put it right.</summary>
internal sealed class DatabaseUnavailableException(string message, Exception? innerException)
    : IOException(message, innerException);
