namespace Harmonia.Daemon.Database;

/// <summary>The store's database cannot be opened. The message names the user, the file and the remedy.</summary>
internal sealed class DatabaseUnavailableException(string message, Exception? innerException)
    : IOException(message, innerException);
