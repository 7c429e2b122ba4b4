using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>A symlink to make and to register as a root. The reply is its path, as a string.</summary>
/// <param name="Path">What it keeps.</param>
/// <param name="Link">Its file-system path, in bytes.</param>
public sealed record AddPermRootRequest(StorePath Path, ReadOnlyMemory<byte> Link);
