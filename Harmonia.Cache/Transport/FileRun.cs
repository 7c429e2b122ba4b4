using Harmonia.Cache.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Transport;

/// <summary>A part of a file that is still to be sent.</summary>
/// <param name="File">Its owner keeps it open until the part is sent.</param>
/// <param name="Offset">Where the part begins, in bytes.</param>
/// <param name="Length">How long it is, in bytes; at least 1.</param>
internal readonly record struct FileRun(SafeFileHandle File, long Offset, int Length)
{
    /// <summary>What is left behind so many bytes; null if nothing is.</summary>
    public FileRun? From(int count) => count == Length ? null : this with { Offset = Offset + count, Length = Length - count };

    /// <summary>Whether the first and the last of so many bytes of it can be had without waiting for a disk.</summary>
    public bool IsInMemory(int count) =>
        Libc.IsInMemory(File, Offset) && Libc.IsInMemory(File, Offset + Math.Min(count, Length) - 1);
}
