using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>A complete tree in the scratch directory, ready to be moved into the store.</summary>
/// <param name="Name">Its name in the scratch directory.</param>
/// <param name="NarHash">The hash of its NAR.</param>
/// <param name="NarSize">The size of its NAR.</param>
/// <param name="ContentHash">The hash for a content address, if one was requested.</param>
/// <param name="ContentHashWithoutPositions">The hash that Nix 2.17 to 2.34 computes instead; null if it is the same.</param>
/// <param name="IsDirectory">Whether it is a directory, which gets its permissions after the move.</param>
internal sealed record ReceivedTree(
    byte[] Name, NarHash NarHash, long NarSize, Hash? ContentHash, Hash? ContentHashWithoutPositions, bool IsDirectory);
