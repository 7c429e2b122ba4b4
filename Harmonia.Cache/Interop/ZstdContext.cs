using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Interop;

/// <summary>A <c>ZSTD_CCtx</c>: parameters, window and tables of one compression at a time.</summary>
internal sealed class ZstdContext() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibZstd.FreeContext(handle);
        return true;
    }
}
