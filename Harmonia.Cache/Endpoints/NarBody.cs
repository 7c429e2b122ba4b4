using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Nar;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Endpoints;

/// <summary>
/// Copies a part of a NAR into a response. The next piece is read when the client has taken most of the last, so a slow client
/// costs one piece of memory and one that has gone costs no further disk read.
/// </summary>
public static class NarBody
{
    // The first piece is read before the status line goes out, so that files that cannot be read still give a 404; Kestrel copies
    // what comes before the headers, hence the smaller piece. The others: a pipe filled by 64 KiB reads took 0.66 to 0.72 CPU s
    // per GB, by 256 KiB 0.51 to 0.73, by 1 MiB 0.53 to 0.58.
    private const int FirstPiece = 64 * 1024;
    private const int Piece = 256 * 1024;

    /// <summary>A reader that leaves large files to the kernel where the connection lets it.</summary>
    public static NarIndexReader Open(HttpContext context, PipeWriter output, NarIndex index, ReadOnlySpan<byte> root) =>
        new(index, root) { LargeFileLength = FileBody.IsZeroCopy(context, output) ? FileBody.MinZeroCopyLength : long.MaxValue };

    /// <exception cref="ConnectionAbortedException">The client has gone.</exception>
    public static async Task WriteAsync(
        HttpContext context, PipeWriter output, NarIndexReader reader, ByteRange range, CancellationToken cancellationToken)
    {
        int piece = FirstPiece;
        long offset = range.Offset;
        long end = range.Offset + range.Length;
        while (offset < end)
        {
            if (reader.TryGetFile(offset, out NarFileSegment file))
            {
                long length = Math.Min(file.Length, end - offset);
                await FileBody.WriteAsync(context, output, file.File, new ByteRange(file.Offset, length), cancellationToken);
                offset += length;
                continue;
            }

            int wanted = (int)Math.Min(piece, end - offset);
            int read = reader.Read(offset, output.GetMemory(wanted).Span[..wanted]);
            if (read == 0)
                throw new EndOfStreamException($"The NAR ended at {offset}, before its size.");
            // Fewer bytes: a file follows, which takes them along. It is opened first, since what has advanced cannot be taken back.
            bool isFileNext = read < wanted && reader.TryGetFile(offset + read, out _);
            output.Advance(read);
            offset += read;
            if (isFileNext)
                continue;
            FlushResult flushed = await output.FlushAsync(cancellationToken);
            // Kestrel drops what is written after the client has gone, without a word.
            if (flushed.IsCompleted || cancellationToken.IsCancellationRequested)
                throw new ConnectionAbortedException("The client is gone.");
            piece = Piece;
        }
    }
}
