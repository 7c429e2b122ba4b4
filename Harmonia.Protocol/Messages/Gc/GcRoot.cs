using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>A root of the garbage collector.</summary>
/// <param name="Link">The path of a symlink as bytes, or a name in braces.</param>
/// <param name="Target">The path that it keeps.</param>
public sealed record GcRoot(ReadOnlyMemory<byte> Link, StorePath Target);
