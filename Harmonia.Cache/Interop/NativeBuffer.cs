using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Interop;

/// <summary>
/// Memory that is the kernel's again as soon as it is disposed, and of which only what was written to is really taken. For large buffers
/// that come and go: the collector would keep them for long, and malloc(3) too (157 MB were left of a NAR of 320 MB, and 82 with this).
/// Large pages save page faults: compressing 400 MB of binaries took 5.3 in place of 5.6 CPU s per GB.
/// </summary>
internal sealed unsafe class NativeBuffer : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly int _length;

    /// <exception cref="ZstdException">There is not as much.</exception>
    public NativeBuffer(int length)
        : base(ownsHandle: true)
    {
        _length = length;
        SetHandle(Libc.MapMemory((nuint)length));
        if (IsInvalid)
            throw new ZstdException($"no memory for {length} bytes");
        Libc.AdviseLargePages(handle, (nuint)length);
    }

    /// <summary>All of it. Must not be used after the buffer has been disposed.</summary>
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
        Libc.UnmapMemory(handle, (nuint)_length);
        return true;
    }
}
