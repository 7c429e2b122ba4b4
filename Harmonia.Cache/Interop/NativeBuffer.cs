using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Interop;

/// <summary>
/// Memory that is the operating system's again as soon as it is disposed, and of which only what was written to is really taken. For
/// large buffers that come and go, which the collector would keep for long.
/// </summary>
internal sealed unsafe class NativeBuffer : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly int _length;

    /// <exception cref="OutOfMemoryException">There is not as much.</exception>
    public NativeBuffer(int length)
        : base(ownsHandle: true)
    {
        _length = length;
        SetHandle((nint)NativeMemory.Alloc((nuint)length));
    }

    /// <summary>All of it, not cleared. Must not be used after the buffer has been disposed.</summary>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return new Span<byte>((void*)handle, _length);
        }
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
