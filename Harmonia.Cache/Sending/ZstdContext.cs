using Harmonia.Cache.Interop;
using Microsoft.Win32.SafeHandles;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Harmonia.Cache.Sending;

/// <summary>
/// Compresses by zstd, one frame after the other: <see cref="Begin"/>, then <see cref="Compress"/> until it returns true. A context belongs to
/// one thread at a time. Its owner disposes it.
/// </summary>
// ZstdSharp's own Compressor does not tell how much memory it holds, and takes it from malloc(3).
internal sealed unsafe class ZstdContext : SafeHandleZeroOrMinusOneIsInvalid
{
    private const ulong UnknownSize = ulong.MaxValue;

    // The blocks of a context stay aligned to cache lines.
    private const int BlockHead = 64;

    // malloc(3) keeps large blocks that are freed; mapped pages go back to the kernel at once.
    private static readonly ZSTD_customMem MappedMemory = new(
        (delegate* managed<void*, nuint, void*>)&Allocate, (delegate* managed<void*, void*, void>)&Free, opaque: null);

    /// <exception cref="ZstdException">There is no memory for a context.</exception>
    public ZstdContext()
        : base(ownsHandle: true)
    {
        SetHandle((nint)Methods.ZSTD_createCCtx_advanced(MappedMemory));
        if (IsInvalid)
            throw new ZstdException(ZSTD_ErrorCode.ZSTD_error_memory_allocation, "There is no memory for a zstd context.");
    }

    /// <summary>The version of zstd as one number: 10507 is 1.5.7. Another version may compress the same input to other bytes.</summary>
    public static uint Version => Methods.ZSTD_versionNumber();

    /// <summary>How many bytes the context holds.</summary>
    public long Memory => (long)Methods.ZSTD_sizeof_CCtx(Context);

    private ZSTD_CCtx_s* Context
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (ZSTD_CCtx_s*)handle;
        }
    }

    /// <summary>The most bytes that a frame can take. With this much room <see cref="Compress"/> makes a whole frame in one call.</summary>
    public static int MaxFrameLength(int sourceLength) => checked((int)Methods.ZSTD_compressBound((nuint)sourceLength));

    /// <summary>Begins a frame, and forgets an unfinished one.</summary>
    /// <param name="parameters">How the frame is compressed.</param>
    /// <param name="size">How many bytes will be compressed, which the frame's header tells; null if this is not known.</param>
    /// <exception cref="ZstdException">A parameter is out of bounds.</exception>
    public void Begin(ZstdParameters parameters, long? size)
    {
        Methods.ZSTD_CCtx_reset(Context, ZSTD_ResetDirective.ZSTD_reset_session_and_parameters).EnsureZstdSuccess();
        Set(ZSTD_cParameter.ZSTD_c_compressionLevel, parameters.Level);
        Set(ZSTD_cParameter.ZSTD_c_enableLongDistanceMatching, parameters.LongDistanceMatching ? 1 : 0);
        Set(ZSTD_cParameter.ZSTD_c_windowLog, parameters.WindowLog);
        Methods.ZSTD_CCtx_setPledgedSrcSize(Context, size is { } known ? (ulong)known : UnknownSize).EnsureZstdSuccess();
    }

    /// <summary>Compresses as much as the destination has room for.</summary>
    /// <param name="source">The next bytes.</param>
    /// <param name="destination">Gets compressed bytes.</param>
    /// <param name="isEnd">Whether the frame ends after the source.</param>
    /// <param name="consumed">How many bytes of the source were read.</param>
    /// <param name="written">How many bytes of the destination were filled.</param>
    /// <returns>Whether the whole source was read and, at the end, the whole frame was written.</returns>
    /// <exception cref="ZstdException">The size differs from the one given at the beginning, or there is no memory.</exception>
    public bool Compress(ReadOnlySpan<byte> source, Span<byte> destination, bool isEnd, out int consumed, out int written)
    {
        fixed (byte* from = source)
        fixed (byte* to = destination)
        {
            ZSTD_inBuffer_s input = new() { src = from, size = (nuint)source.Length };
            ZSTD_outBuffer_s output = new() { dst = to, size = (nuint)destination.Length };
            ZSTD_EndDirective directive = isEnd ? ZSTD_EndDirective.ZSTD_e_end : ZSTD_EndDirective.ZSTD_e_continue;
            nuint left = Methods.ZSTD_compressStream2(Context, &output, &input, directive).EnsureZstdSuccess();
            consumed = (int)input.pos;
            written = (int)output.pos;
            return consumed == source.Length && (!isEnd || left == 0);
        }
    }

    protected override bool ReleaseHandle()
    {
        Methods.ZSTD_freeCCtx((ZSTD_CCtx_s*)handle);
        return true;
    }

    private void Set(ZSTD_cParameter parameter, int value) => Methods.ZSTD_CCtx_setParameter(Context, parameter, value).EnsureZstdSuccess();

    // Before each block stands the length of its pages, which munmap(2) needs.
    private static void* Allocate(void* opaque, nuint size)
    {
        nuint length = size + BlockHead;
        nint pages = Libc.MapMemory(length);
        if (pages == -1)
            return null;
        *(nuint*)pages = length;
        return (byte*)pages + BlockHead;
    }

    private static void Free(void* opaque, void* block)
    {
        nint pages = (nint)block - BlockHead;
        Libc.UnmapMemory(pages, *(nuint*)pages);
    }
}
