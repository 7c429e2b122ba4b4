using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Transport;

/// <summary>
/// Sends a part of an open file as a body, or as a part of one: with sendfile(2) where the connection is plain HTTP/1.1, else through
/// large buffers. The next piece follows when the client has taken the last, so that a slow client costs a piece at most.
/// </summary>
public static class FileBody
{
    /// <summary>
    /// From this length on nothing is copied. Below it, copying costs no more: files of 64 KiB took the same either way, files of
    /// 256 KiB 0.24 in place of 0.62 CPU s per GB.
    /// </summary>
    public const int MinZeroCopyLength = 128 * 1024;

    // What is handed over at once. It costs no memory, and the connection takes turns with others by itself.
    private const int ZeroCopyPiece = 64 * 1024 * 1024;

    private const int CopiedPiece = 256 * 1024;

    // Read before the last look at the file: with it in memory, a file that was changed never makes a whole body.
    private const int Tail = 16 * 1024;

    /// <summary>Whether what is written to an output goes to the socket as it is, so that the kernel can take it from a file.</summary>
    /// <param name="context">Whose body it is. Its headers are set.</param>
    /// <param name="output">The response's own body writer, or one before it, which encodes.</param>
    public static bool IsZeroCopy(HttpContext context, PipeWriter output) => ZeroCopyOutput(context, output) is not null;

    /// <summary>Writes a part of a file. Where it can go out by itself, the head goes first if that is not out yet.</summary>
    /// <param name="context">Whose body it is. Its headers are set.</param>
    /// <param name="output">The response's own body writer, or one before it, which encodes.</param>
    /// <param name="file">Stays the caller's, who keeps it open until the task has ended.</param>
    /// <param name="part">Which part.</param>
    /// <param name="cancellationToken">Usually the client's going away.</param>
    /// <param name="mayGrow">Whether the file may be appended to, as a log is; else any change is a failure.</param>
    /// <exception cref="ConnectionAbortedException">The client has gone.</exception>
    /// <exception cref="IOException">The file cannot be read, has become shorter or was changed. The body is incomplete then.</exception>
    public static async Task WriteAsync(
        HttpContext context, PipeWriter output, SafeFileHandle file, ByteRange part, CancellationToken cancellationToken, bool mayGrow = false)
    {
        FileVersion version = FileVersion.Of(file);
        long offset = part.Offset;
        long end = part.Offset + part.Length;
        if (end > version.Length)
            throw Failure(file, $"has {version.Length} bytes; {end} are needed");
        if (part.Length >= MinZeroCopyLength && ZeroCopyOutput(context, output) is { } direct)
        {
            await context.Response.StartAsync(cancellationToken);
            await SendAsync(output, direct, file, offset, end - Tail, cancellationToken);
            offset = end - Tail;
        }

        await CopyAsync(output, file, mayGrow ? null : version, offset, end, cancellationToken);
    }

    // TLS and HTTP/2 connections have no such output, and chunks need their lengths written between.
    private static SocketOutput? ZeroCopyOutput(HttpContext context, PipeWriter output) =>
        context.Response.ContentLength is not null && ReferenceEquals(output, context.Response.BodyWriter)
            ? context.Features.Get<SocketOutput>()
            : null;

    private static async Task SendAsync(
        PipeWriter body, SocketOutput output, SafeFileHandle file, long offset, long end, CancellationToken cancellationToken)
    {
        while (offset < end)
        {
            int length = (int)Math.Min(ZeroCopyPiece, end - offset);
            if (!output.WriteFile(body, file, offset, length))
                throw new ConnectionAbortedException("The client is gone.");
            FlushResult flushed = await body.FlushAsync(cancellationToken);
            if (output.FileFailure is { } failure)
                throw Failure(file, failure.Message, failure);
            ThrowIfGone(flushed);
            offset += length;
        }
    }

    private static async Task CopyAsync(
        PipeWriter body, SafeFileHandle file, FileVersion? version, long offset, long end, CancellationToken cancellationToken)
    {
        while (offset < end)
        {
            int wanted = (int)Math.Min(CopiedPiece, end - offset);
            int read = RandomAccess.Read(file, body.GetMemory(wanted).Span[..wanted], offset);
            if (read == 0)
                throw Failure(file, $"ended at {offset}, before its size");
            offset += read;
            if (offset == end && version is not null && FileVersion.Of(file) != version)
                throw Failure(file, "was changed while it was sent");
            body.Advance(read);
            ThrowIfGone(await body.FlushAsync(cancellationToken));
        }
    }

    private static void ThrowIfGone(FlushResult flushed)
    {
        if (flushed.IsCompleted || flushed.IsCanceled)
            throw new ConnectionAbortedException("The client is gone.");
    }

    private static IOException Failure(SafeFileHandle file, string problem, IOException? cause = null) =>
        new($"{File.ResolveLinkTarget($"/proc/self/fd/{file.DangerousGetHandle()}", returnFinalTarget: false)} {problem}", cause);
}
