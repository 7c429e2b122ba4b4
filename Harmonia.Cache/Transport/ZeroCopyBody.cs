using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Transport;

/// <summary>
/// The body of a response that the kernel can take from files: the length of the response is set, its head is sent, nothing encodes the
/// body, and the connection has no TLS. <see cref="SocketOutput"/> takes a file from nothing else, because Kestrel counts the bytes of a
/// file without having seen them.
/// </summary>
public sealed class ZeroCopyBody
{
    // What one flush sends. It costs no memory, and the connection takes turns with others by itself.
    private const int Piece = 64 * 1024 * 1024;

    private readonly SocketOutput _output;

    private ZeroCopyBody(PipeWriter writer, SocketOutput output) => (Writer, _output) = (writer, output);

    /// <summary>The body as Kestrel knows it.</summary>
    internal PipeWriter Writer { get; }

    /// <summary>Sends the head of the response if it is not sent yet; null if the body can't be such a body.</summary>
    /// <param name="context">The context of the request. The headers of the response are set.</param>
    /// <param name="output">The response's own body writer, or one before it, which encodes.</param>
    /// <param name="cancellationToken">Usually ends when the client is gone.</param>
    public static async ValueTask<ZeroCopyBody?> StartAsync(HttpContext context, PipeWriter output, CancellationToken cancellationToken)
    {
        if (OutputOf(context, output) is not { } direct)
            return null;
        await context.Response.StartAsync(cancellationToken);
        return new ZeroCopyBody(output, direct);
    }

    /// <summary>Sends a part of a file.</summary>
    /// <exception cref="ConnectionAbortedException">The client has gone.</exception>
    /// <exception cref="IOException">The file can't be read. The body is incomplete then.</exception>
    public async Task SendAsync(SafeFileHandle file, long offset, long end, CancellationToken cancellationToken)
    {
        while (offset < end)
        {
            int length = (int)Math.Min(Piece, end - offset);
            if (!_output.WriteFile(this, file, offset, length))
                throw new ConnectionAbortedException("The client is gone.");
            FlushResult flushed = await Writer.FlushAsync(cancellationToken);
            if (_output.FileFailure is { } failure)
                throw FileBody.Failure(file, failure.Message, failure);
            FileBody.ThrowIfGone(flushed);
            offset += length;
        }
    }

    // TLS and HTTP/2 connections have no such output, and chunks need their lengths written between.
    private static SocketOutput? OutputOf(HttpContext context, PipeWriter output) =>
        context.Response.ContentLength is not null && ReferenceEquals(output, context.Response.BodyWriter)
            ? context.Features.Get<SocketOutput>()
            : null;
}
