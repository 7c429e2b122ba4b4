using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>A tree that is complete and waits in the scratch directory for its place in the store.</summary>
/// <param name="Name">Its name in the scratch directory.</param>
/// <param name="NarHash">The hash of its NAR.</param>
/// <param name="NarSize">The size of its NAR.</param>
/// <param name="ContentHash">The hash for a content address, where one was asked for.</param>
/// <param name="ContentHashWithoutPositions">What Nix 2.17 to 2.34 has for that; null when it is the same.</param>
/// <param name="IsDirectory">Whether it still needs its permissions, because it has to be moved first.</param>
internal sealed record ReceivedTree(
    byte[] Name, NarHash NarHash, long NarSize, Hash? ContentHash, Hash? ContentHashWithoutPositions, bool IsDirectory);
