using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Http;

/// <summary>Writes bytes that are in memory into a body.</summary>
public static class BodyBytes
{
    // A buffer for a whole piece takes one system call; PipeWriter.WriteAsync would take buffers of 4 KiB and 64 calls. A slow client costs
    // one piece.
    private const int PieceLength = 256 * 1024;

    /// <summary>Writes all of them, flushing after each piece.</summary>
    /// <exception cref="ConnectionAbortedException">The client has gone.</exception>
    public static async Task WriteAsync(PipeWriter output, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            int length = Math.Min(bytes.Length, PieceLength);
            bytes.Span[..length].CopyTo(output.GetSpan(length));
            output.Advance(length);
            await FlushAsync(output, cancellationToken);
            bytes = bytes[length..];
        }
    }

    /// <summary>Flushes what has been written.</summary>
    /// <exception cref="ConnectionAbortedException">The client has gone.</exception>
    public static async ValueTask FlushAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        FlushResult flushed = await output.FlushAsync(cancellationToken);
        // Kestrel drops what is written after the client is gone, without an error.
        if (flushed.IsCompleted || cancellationToken.IsCancellationRequested)
            throw new ConnectionAbortedException("The client is gone.");
    }
}
