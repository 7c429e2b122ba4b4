using Microsoft.Win32.SafeHandles;
using SharpCompress.Common;
using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;

namespace Harmonia.Cache.Pages;

/// <summary>Decompresses a file of one bzip2 stream, or of several after each other. The caller keeps the file.</summary>
public sealed class Bzip2Reader(SafeFileHandle file) : IDisposable
{
    private const int InputSize = 64 << 10;

    private BZip2Stream? _stream;

    /// <summary>The next bytes; 0 at the end, as for an empty file.</summary>
    /// <param name="destination">Not empty.</param>
    /// <exception cref="InvalidDataException">The file contains something else, or ends too early.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public int Read(Span<byte> destination)
    {
        try
        {
            if (_stream is null && RandomAccess.GetLength(file) == 0)
                return 0;

            // Nobody disposes the FileStream: it would close the caller's file.
            _stream ??= BZip2Stream.Create(
                new FileStream(file, FileAccess.Read, InputSize), CompressionMode.Decompress, decompressConcatenated: true, leaveOpen: true);
            return _stream.Read(destination);
        }
        catch (Exception exception) when (exception is SharpCompressException or IndexOutOfRangeException)
        {
            // The library does not check every index that damaged data can lead to.
            throw new InvalidDataException($"The data is not in the format of bzip2, or damaged ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    public void Dispose() => _stream?.Dispose();
}
