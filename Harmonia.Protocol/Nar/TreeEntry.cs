namespace Harmonia.Protocol.Nar;

/// <summary>An entry of a <see cref="TreeDirectory"/>. A symbolic link is not followed.</summary>
/// <param name="Name">The bytes on disk.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">The length of a regular file's contents in bytes, else 0.</param>
/// <param name="Target">The target of a symbolic link as bytes, else empty.</param>
/// <param name="IsExecutable">Whether it is a regular file that its owner may execute, which is what a NAR says of it.</param>
public readonly record struct TreeEntry(ReadOnlyMemory<byte> Name, NarNodeKind Kind, long Size, ReadOnlyMemory<byte> Target, bool IsExecutable = false);
