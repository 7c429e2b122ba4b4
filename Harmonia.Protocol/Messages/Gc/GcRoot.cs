using Harmonia.Protocol.Store;

namespace Harmonia.Protocol.Messages.Gc;

/// <summary>A root of the garbage collector.</summary>
/// <param name="Link">Where it is: the path of a symlink in bytes as the file system has them, or a name in braces.</param>
/// <param name="Target">What it keeps.</param>
public sealed record GcRoot(ReadOnlyMemory<byte> Link, StorePath Target);
