using System.Runtime.InteropServices;

namespace Harmonia.Cache.Interop;

/// <summary>
/// Compression by libzstd, one context a frame: <see cref="Begin"/>, then <see cref="Compress"/> until it says that the frame has ended. A
/// context may begin any number of frames, one after the other, and belongs to one thread at a time.
/// </summary>
// zstd: lib/zstd.h
internal static partial class LibZstd
{
    public const string Library = "libzstd.so.1";

    private const int CompressionLevel = 100;
    private const int WindowLog = 101;
    private const int LongDistanceMatching = 160;
    private const int SessionAndParameters = 3;
    private const int Continue = 0;
    private const int End = 2;
    private const ulong UnknownSize = ulong.MaxValue;

    /// <summary>Null when the library can be used, else why not.</summary>
    public static string? Missing()
    {
        try
        {
            _ = VersionNumber();
            return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return exception.Message;
        }
    }

    /// <exception cref="ZstdException">There is no memory for one.</exception>
    public static ZstdContext NewContext()
    {
        ZstdContext context = CreateContext();
        if (!context.IsInvalid)
            return context;
        context.Dispose();
        throw new ZstdException("no memory for a context");
    }

    /// <summary>Begins a frame; what was left of another is forgotten.</summary>
    /// <param name="context">To be used.</param>
    /// <param name="parameters">Of this frame.</param>
    /// <param name="size">How many bytes will be compressed, which the frame's head will tell; null if nobody knows.</param>
    /// <exception cref="ZstdException">A parameter is out of bounds.</exception>
    public static void Begin(ZstdContext context, ZstdParameters parameters, long? size)
    {
        Check(Reset(context, SessionAndParameters));
        Check(SetParameter(context, CompressionLevel, parameters.Level));
        Check(SetParameter(context, LongDistanceMatching, parameters.LongDistanceMatching ? 1 : 0));
        if (parameters.WindowLog != 0)
            Check(SetParameter(context, WindowLog, parameters.WindowLog));
        Check(SetPledgedSize(context, size is { } known ? (ulong)known : UnknownSize));
    }

    /// <summary>Compresses as much as there is room for.</summary>
    /// <param name="context">In which a frame has begun.</param>
    /// <param name="source">The next bytes.</param>
    /// <param name="destination">Takes what is ready.</param>
    /// <param name="isEnd">Whether the frame ends after the source.</param>
    /// <param name="consumed">Bytes of the source that are done with.</param>
    /// <param name="written">Bytes of the destination that are filled.</param>
    /// <returns>Whether all is done: the source is consumed and, at the end, the frame is out.</returns>
    /// <exception cref="ZstdException">The size is another than was said, or there is no memory.</exception>
    public static unsafe bool Compress(
        ZstdContext context, ReadOnlySpan<byte> source, Span<byte> destination, bool isEnd, out int consumed, out int written)
    {
        fixed (byte* from = source)
        fixed (byte* to = destination)
        {
            BufferPosition input = new() { Start = (nint)from, Size = (nuint)source.Length };
            BufferPosition output = new() { Start = (nint)to, Size = (nuint)destination.Length };
            nuint left = CompressStream(context, ref output, ref input, isEnd ? End : Continue);
            Check(left);
            consumed = (int)input.Position;
            written = (int)output.Position;
            return consumed == source.Length && (!isEnd || left == 0);
        }
    }

    /// <summary>The version as one number: 10504 is 1.5.4. Others may make other bytes of the same input.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_versionNumber")]
    public static partial uint VersionNumber();

    /// <summary>The bytes that a frame takes at most; with as much room a whole frame is made in one call, without a copy.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_compressBound")]
    public static partial nuint Bound(nuint sourceLength);

    /// <summary>Bytes that a context holds.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_sizeof_CCtx")]
    public static partial nuint MemoryOf(ZstdContext context);

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeContext(nint context);

    private static void Check(nuint result)
    {
        if (IsError(result) != 0)
            throw new ZstdException(Marshal.PtrToStringUTF8(ErrorName(result)) ?? "unknown error");
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint result);

    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    private static partial ZstdContext CreateContext();

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_reset")]
    private static partial nuint Reset(ZstdContext context, int directive);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    private static partial nuint SetParameter(ZstdContext context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setPledgedSrcSize")]
    private static partial nuint SetPledgedSize(ZstdContext context, ulong size);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressStream2")]
    private static partial nuint CompressStream(ZstdContext context, ref BufferPosition output, ref BufferPosition input, int directive);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint ErrorName(nuint result);

    // ZSTD_inBuffer and ZSTD_outBuffer, which have the same layout.
    private struct BufferPosition
    {
        public nint Start;
        public nuint Size;
        public nuint Position;
    }
}
