using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Transport;

/// <summary>What tells whether an open file has been written to.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Modified">When it was last written to.</param>
internal readonly record struct FileVersion(long Length, DateTime Modified)
{
    public static FileVersion Of(SafeFileHandle file) => new(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
}
