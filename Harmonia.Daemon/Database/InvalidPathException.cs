using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>A path that must be valid is not valid. Clients look for the words "is not valid" in the message.</summary>
internal sealed class InvalidPathException(StoreDirectory directory, StorePath path)
    : IOException($"path '{directory.Print(path)}' is not valid");
