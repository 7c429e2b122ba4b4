using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Nar;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Nar;

/// <summary>
/// Writes a part of a NAR into a response. It writes the next piece when the client has taken most of the last one, so a slow client costs
/// a few pieces of memory, and a disconnected one no further disk reads.
/// </summary>
public static class NarBody
{
    // The first piece is read before the status line, so that unreadable files still give a 404. It is smaller because Kestrel copies
    // what is written before the headers.
    private const int FirstPiece = 64 * 1024;
    private const int Piece = 256 * 1024;

    /// <summary>
    /// Writes a part. The first time the whole NAR is written, it is hashed, and the last piece is written only if the hash is right.
    /// </summary>
    /// <exception cref="ConnectionAbortedException">The client has disconnected.</exception>
    /// <exception cref="IOException">The files can't be read, have changed, or differ from the database.</exception>
    public static async Task WriteAsync(
        HttpContext context, PipeWriter output, OpenNar nar, ByteRange part, CancellationToken cancellationToken)
    {
        bool isWhole = part.Length == nar.Index.NarSize;
        try
        {
            if (isWhole && nar.Captured is { } captured)
                await captured.WriteAsync(output, cancellationToken);
            else if (isWhole && !nar.IsVerified)
                await VerifyAsync(output, nar, part, cancellationToken);
            else if (nar.Index.LargestFile >= FileBody.MinZeroCopyLength && IsAsItIs(context, output))
                await SendAsync(context, output, nar, part, cancellationToken);
            else
                await CopyAsync(output, nar, part, hasher: null, cancellationToken);
        }
        catch (IOException)
        {
            // The next request reads the files again.
            nar.Forget();
            throw;
        }
    }

    private static async Task VerifyAsync(PipeWriter output, OpenNar nar, ByteRange part, CancellationToken cancellationToken)
    {
        using NarHasher hasher = new();
        await CopyAsync(output, nar, part, hasher, cancellationToken);
    }

    private static async Task CopyAsync(
        PipeWriter output, OpenNar nar, ByteRange part, NarHasher? hasher, CancellationToken cancellationToken)
    {
        await using NarReadAhead pieces = nar.ReadAhead(part);
        for (long left = part.Length; left > 0;)
        {
            ReadOnlyMemory<byte> piece = await pieces.ReadAsync();
            left -= piece.Length;
            hasher?.Append(piece.Span);
            if (left == 0 && hasher is not null)
                nar.Verify(hasher);
            await BodyBytes.WriteAsync(output, piece, cancellationToken);
        }
    }

    // Whether nothing encodes the body.
    private static bool IsAsItIs(HttpContext context, PipeWriter output) => ReferenceEquals(output, context.Response.BodyWriter);

    // Large files go from the page cache to the socket, or with TLS or HTTP/2 into its output, with one copy less than through pieces that
    // are read ahead: a GB over TLS takes 0.83 CPU s in place of 1.0.
    private static async Task SendAsync(
        HttpContext context, PipeWriter output, OpenNar nar, ByteRange part, CancellationToken cancellationToken)
    {
        using NarIndexReader reader = nar.Reader(FileBody.MinZeroCopyLength);
        int piece = FirstPiece;
        long offset = part.Offset;
        long end = part.Offset + part.Length;
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
            // Fewer bytes: a file follows and takes them along. It is opened first, since advanced bytes can't be taken back.
            bool isFileNext = read < wanted && reader.TryGetFile(offset + read, out _);
            output.Advance(read);
            offset += read;
            if (isFileNext)
                continue;
            await BodyBytes.FlushAsync(output, cancellationToken);
            piece = Piece;
        }
    }
}
