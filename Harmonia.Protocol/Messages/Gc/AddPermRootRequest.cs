using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>A symlink to create and register as a root. The reply is the path of the symlink, as a string.</summary>
/// <param name="Path">The target, which is kept.</param>
/// <param name="Link">The path of the symlink, in bytes.</param>
public sealed record AddPermRootRequest(StorePath Path, ReadOnlyMemory<byte> Link);
