using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>A path that must be valid is not. Clients search the message for the words "is not valid".</summary>
internal sealed class InvalidPathException(StoreDirectory directory, StorePath path)
    : IOException($"path '{directory.Print(path)}' is not valid");
