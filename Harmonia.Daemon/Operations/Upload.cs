using Harmonia.Daemon.Database;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Receives the data that follows a request. It reads the data to its end even when the request fails, so that the next request is found.
/// Nix: src/libstore/daemon.cc, performOp.
/// </summary>
internal static class Upload
{
    /// <summary>Data in frames.</summary>
    public static Task ReceiveFramedAsync(ClientConnection client, Func<Stream, Task> receive, CancellationToken cancellationToken) =>
        ReceiveAsync(new FramedReader(client.Reader), receive, cancellationToken);

    /// <summary>A NAR that is next on the connection.</summary>
    public static Task ReceiveInlineAsync(ClientConnection client, Func<Stream, Task> receive, CancellationToken cancellationToken) =>
        ReceiveAsync(new InlineNarReader(client.Reader), receive, cancellationToken);

    /// <summary>Data that the daemon requests block by block.</summary>
    public static Task ReceivePulledAsync(ClientConnection client, Func<Stream, Task> receive, CancellationToken cancellationToken) =>
        ReceiveAsync(new PulledReader(client.Reader, client.Writer), receive, cancellationToken);

    /// <summary>The NAR of AddToStoreNar: framed since protocol 1.23, pulled by the daemon in 1.21 and 1.22, inline before.</summary>
    public static Task ReceiveNarAsync(ClientConnection client, Func<Stream, Task> receive, CancellationToken cancellationToken)
    {
        ProtocolVersion version = client.Messages.Version;
        if (version.IsAtLeast(23))
        {
            return ReceiveFramedAsync(client, receive, cancellationToken);
        }

        return version.IsAtLeast(21)
            ? ReceivePulledAsync(client, receive, cancellationToken)
            : ReceiveInlineAsync(client, receive, cancellationToken);
    }

    private static async Task ReceiveAsync(UploadReader data, Func<Stream, Task> receive, CancellationToken cancellationToken)
    {
        try
        {
            await receive(data);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // This throws as well if the connection itself is broken.
            await data.DrainAsync(cancellationToken);
            switch (exception)
            {
                case WireException or NarFormatException or FormatException:
                    throw new RefusedException(exception.Message);
                case IOException and not InvalidPathException or UnauthorizedAccessException:
                    throw new StorageException(exception.Message, exception);
                default:
                    throw;
            }
        }

        await data.DrainAsync(cancellationToken);
    }
}
