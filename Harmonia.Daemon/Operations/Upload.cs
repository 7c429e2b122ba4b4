using Harmonia.Daemon.Database;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// The data behind a request. Whatever becomes of it, it is read to its end before the client is answered, so that the next request is
/// found. Nix: src/libstore/daemon.cc, performOp.
/// </summary>
internal static class Upload
{
    /// <summary>Data in frames.</summary>
    public static Task ReceiveFramedAsync(ClientConnection client, Func<Stream, Task> receive, CancellationToken cancellationToken) =>
        ReceiveAsync(new FramedReader(client.Reader), receive, cancellationToken);

    /// <summary>A NAR that is next on the connection.</summary>
    public static Task ReceiveInlineAsync(ClientConnection client, Func<Stream, Task> receive, CancellationToken cancellationToken) =>
        ReceiveAsync(new InlineNarReader(client.Reader), receive, cancellationToken);

    /// <summary>Data that is asked for block by block.</summary>
    public static Task ReceivePulledAsync(ClientConnection client, Func<Stream, Task> receive, CancellationToken cancellationToken) =>
        ReceiveAsync(new PulledReader(client.Reader, client.Writer), receive, cancellationToken);

    /// <summary>The NAR of AddToStoreNar: in frames since 1.23, pulled by us in the two versions before, inline before that.</summary>
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
            // Fails in its turn when it is the connection that is broken.
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
