using System.Runtime.InteropServices;

namespace Harmonia.Cache.Interop;

/// <summary>Decompression by libbz2 (bzlib.h), since .NET has none for this format.</summary>
internal static partial class LibBzip2
{
    public const int Ok = 0;
    public const int StreamEnd = 4;
    public const int OutOfMemory = -3;

    private const string Library = "libbz2.so.1.0";

    [LibraryImport(Library, EntryPoint = "BZ2_bzDecompressInit")]
    public static partial int Begin(nint stream, int verbosity, int small);

    [LibraryImport(Library, EntryPoint = "BZ2_bzDecompress")]
    public static partial int Decompress(Bzip2Decoder stream);

    [LibraryImport(Library, EntryPoint = "BZ2_bzDecompressEnd")]
    public static partial int End(nint stream);
}
