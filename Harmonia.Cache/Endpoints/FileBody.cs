using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Endpoints;

/// <summary>Copies a part of a file into a response, at the client's pace.</summary>
public static class FileBody
{
    private const int Piece = 64 * 1024;

    /// <exception cref="ConnectionAbortedException">The client has gone.</exception>
    /// <exception cref="IOException">The file cannot be read, or is shorter than it was.</exception>
    public static async Task WriteAsync(SafeFileHandle file, ByteRange range, PipeWriter output, CancellationToken cancellationToken)
    {
        long offset = range.Offset;
        long end = range.Offset + range.Length;
        while (offset < end)
        {
            int wanted = (int)Math.Min(Piece, end - offset);
            int read = await RandomAccess.ReadAsync(file, output.GetMemory(wanted)[..wanted], offset, cancellationToken);
            if (read == 0)
                throw new EndOfStreamException($"The file ended at {offset}, before its size.");
            output.Advance(read);
            offset += read;
            FlushResult flushed = await output.FlushAsync(cancellationToken);
            if (flushed.IsCompleted)
                throw new ConnectionAbortedException("The client is gone.");
        }
    }
}
