namespace Harmonia.Daemon.Database;

/// <summary>A row of the store's database is invalid. The message names it.</summary>
internal sealed class InvalidRowException(string message, Exception? innerException)
    : IOException(message, innerException);
