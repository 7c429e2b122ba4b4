using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Sending;

/// <summary>
/// Copies bytes into a response, piece by piece. It reads the next piece when the client has taken most of the last one, so a slow client costs
/// one piece of memory, and a client that has gone costs no further read.
/// </summary>
public static class BodyPieces
{
    // As for plain NARs: the first piece is small, because Kestrel copies what is written before the response head.
    private const int FirstPiece = 64 * 1024;
    private const int Piece = 256 * 1024;

    /// <exception cref="ConnectionAbortedException">The client has closed the connection.</exception>
    public static async Task WriteAsync(PipeWriter output, long offset, long end, FillPiece fill, CancellationToken cancellationToken)
    {
        int piece = offset == 0 ? FirstPiece : Piece;
        while (offset < end)
        {
            int length = (int)Math.Min(piece, end - offset);
            fill(offset, output.GetMemory(length).Span[..length]);
            output.Advance(length);
            offset += length;
            await BodyBytes.FlushAsync(output, cancellationToken);
            piece = Piece;
        }
    }
}
