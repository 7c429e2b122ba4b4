using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Import;

/// <summary>A copy that waits in the scratch directory for its place in the store.</summary>
internal sealed record ImportedTree(StorePath Path, NarHash NarHash, long NarSize, byte[] ScratchName, bool IsDirectory);
