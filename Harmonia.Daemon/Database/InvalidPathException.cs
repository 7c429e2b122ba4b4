using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Database;

/// <summary>A path that has to be valid is not. Clients look for the words "is not valid".</summary>
internal sealed class InvalidPathException(StoreDirectory directory, StorePath path)
    : IOException($"path '{directory.Print(path)}' is not valid");
