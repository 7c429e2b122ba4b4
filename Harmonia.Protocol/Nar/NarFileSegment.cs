using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Nar;

/// <summary>A run of a NAR that is a run of a file, for sendfile(2).</summary>
/// <param name="File">The open file. It belongs to the reader and is valid until the reader is used again.</param>
/// <param name="Offset">Where in the file the run begins, in bytes.</param>
/// <param name="Length">Its length in bytes. If the file ends earlier, it has changed, and the NAR cannot be completed.</param>
public readonly record struct NarFileSegment(SafeFileHandle File, long Offset, long Length);
