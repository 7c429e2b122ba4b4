using Harmonia.Protocol.Interop;

namespace Harmonia.Protocol.Nar;

/// <summary>An entry of a directory being walked: its name is a slice of <see cref="DirectoryNames"/>' bytes.</summary>
internal readonly record struct DirectoryName(int Offset, ushort Length, FileType Type);
