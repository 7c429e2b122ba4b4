using System.Diagnostics.CodeAnalysis;
using Harmonia.Cache.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Transport;

/// <summary>
/// A file that exists in memory only, from which sendfile(2) sends without copying. The garbage collector closes it, since other
/// responses may still send it when one has ended.
/// </summary>
internal sealed class MemoryFile
{
    private readonly int _length;

    private MemoryFile(SafeFileHandle handle, int length) => (Handle, _length) = (handle, length);

    // The garbage collector does not see the memory of the file by itself.
    [SuppressMessage("Usage", "MA0055", Justification = "The handle closes itself; what is left is to take back what the collector was told.")]
    ~MemoryFile() => GC.RemoveMemoryPressure(_length);

    /// <summary>The open file.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>A file of these bytes, at least one; null if there can be none.</summary>
    public static MemoryFile? TryMake(ReadOnlySpan<byte> bytes)
    {
        if (Libc.TryMakeMemoryFile() is not { } handle)
            return null;
        try
        {
            RandomAccess.Write(handle, bytes, fileOffset: 0);
        }
        catch (IOException)
        {
            handle.Dispose();
            return null;
        }

        GC.AddMemoryPressure(bytes.Length);
        return new MemoryFile(handle, bytes.Length);
    }
}
