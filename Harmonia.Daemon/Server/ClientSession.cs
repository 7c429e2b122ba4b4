using System.Net.Sockets;
using Harmonia.Daemon.Database;
using Harmonia.Daemon.Operations;
using Harmonia.Daemon.Store;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Server;

/// <summary>
/// Serves one connection from the handshake to its end, one request after the other. The only place that turns exceptions into errors for
/// the client. Owns neither the streams nor the store.
/// </summary>
internal sealed class ClientSession(long number, Stream input, Stream output, Trust trust, SessionServices services)
{
    private readonly ILogger _logger = services.Logger;
    private long _receptions;

    /// <summary>Whether the client has closed the connection.</summary>
    public Func<bool> HasPeerHungUp { get; init; } = static () => false;

    /// <summary>Serves until the connection has to be closed. Logs errors instead of throwing them.</summary>
    public async Task RunAsync(Shutdown shutdown)
    {
        using WireReader reader = new(input);
        using WireWriter writer = new(output);
        try
        {
            if (await ShakeHandsAsync(reader, writer, shutdown) is HandshakeResult peer)
            {
                _logger.SessionStarted(number, peer.Version, trust);
                await ServeAsync(reader, writer, peer, shutdown);
            }
        }
        catch (Exception exception) when (exception is WireException or ProtocolVersionException)
        {
            _logger.HandshakeFailed(number, exception.Message);
        }
        catch (OperationCanceledException)
        {
            _logger.SessionCancelled(number);
        }
        catch (IOException exception)
        {
            // Users interrupt their clients all the time, so this is not an error.
            _logger.PeerLost(number, exception.Message);
        }
        finally
        {
            _logger.SessionEnded(number);
        }
    }

    /// <summary>Null when the peer disconnects without sending anything, as a check that the socket is alive does.</summary>
    private async Task<HandshakeResult?> ShakeHandsAsync(WireReader reader, WireWriter writer, Shutdown shutdown)
    {
        using CancellationTokenSource limit = new(services.HandshakeTimeout, services.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, shutdown.Draining);
        if (!await reader.WaitForDataAsync(either.Token))
        {
            return null;
        }

        reader.BeginMessage(WireLimits.Request);
        ServerHandshakeOptions options = new() { NixVersion = services.NixVersion, Trust = trust, Features = services.Features };
        return await ServerHandshake.RunAsync(reader, writer, options, either.Token);
    }

    private async Task ServeAsync(WireReader reader, WireWriter writer, HandshakeResult peer, Shutdown shutdown)
    {
        MessageContext messages = new()
        {
            StoreDirectory = services.Store.Database.Directory,
            Version = peer.Version,
            Features = peer.Features,
        };
        ClientConnection client = new(reader, writer, messages, trust) { HasPeerHungUp = HasPeerHungUp };
        using OperationContext context = new(client, services.Store);

        // Pipelining: replies are sent when no request is left in the buffer, so requests that arrive together are answered together.
        reader.RunBeforeReceiving(() => writer.FlushAsync(shutdown.Stopping));
        while (await WaitForRequestAsync(reader, shutdown)
            && await AnswerAsync(context, shutdown.Stopping))
        {
        }

        await writer.FlushAsync(shutdown.Stopping);
    }

    /// <summary>False when no request follows: the client has closed the connection, or the daemon is shutting down.</summary>
    private static async ValueTask<bool> WaitForRequestAsync(WireReader reader, Shutdown shutdown)
    {
        if (shutdown.Draining.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            return await reader.WaitForDataAsync(shutdown.Draining);
        }
        catch (OperationCanceledException) when (!shutdown.Stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Answers one request with a reply or an error. False when the start of the next request is unknown.</summary>
    private async ValueTask<bool> AnswerAsync(OperationContext context, CancellationToken cancellationToken)
    {
        uint operation = 0;
        bool isInStep = true;
        try
        {
            context.Client.BeginRequest();
            operation = await context.Client.Reader.ReadUInt32Async(cancellationToken);
            KeepGenerationInBatch(context, (Operation)operation);
            await Dispatcher.RunAsync((Operation)operation, context, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !IsOfTransport(exception))
        {
            if (context.Client.IsReplying)
            {
                _logger.ReplyBroken(number, (Operation)operation, exception);
                return false;
            }

            isInStep = IsAfterRequest(exception);
            WriteError(context.Client, exception, isInStep);
            if (exception is WireException)
            {
                // If the client disconnected within its request, this flush fails too, and the disconnection is not worth a warning.
                await context.Client.Writer.FlushAsync(cancellationToken);
            }

            Report((Operation)operation, exception, isInStep);
        }

        await context.Client.Writer.FlushIfLargeAsync(cancellationToken);
        return isInStep;
    }

    /// <summary>
    /// Lets QueryPathInfo requests that arrived together, with no other request between them, be answered from one look at the database.
    /// Any other request may change the database, and so may others until later requests arrive.
    /// </summary>
    private void KeepGenerationInBatch(OperationContext context, Operation operation)
    {
        long receptions = context.Client.Reader.Receptions;
        if (operation != Operation.QueryPathInfo || receptions != _receptions)
        {
            context.PathInfoGeneration = null;
        }

        _receptions = receptions;
    }

    /// <summary>Whether the connection itself has failed.</summary>
    private static bool IsOfTransport(Exception exception) => exception is IOException { InnerException: SocketException };

    /// <summary>
    /// Whether the request was read completely before the exception. Others may have occurred in the middle of a request.
    /// </summary>
    private static bool IsAfterRequest(Exception exception) =>
        exception is RefusedException or InvalidPathException or DatabaseUnavailableException or DatabaseException or InvalidRowException
            or SystemCallException or StorageException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException;

    private static void WriteError(ClientConnection client, Exception exception, bool isInStep)
    {
        string message = isInStep || exception is WireException ? exception.Message : "harmonia-daemon had an internal error; see its log";
        RemoteError error = new() { Message = message };
        client.Send(new StderrMessage.Failure(error));
    }

    private void Report(Operation operation, Exception exception, bool isInStep)
    {
        switch (exception)
        {
            case RefusedException or InvalidPathException:
                _logger.RequestRefused(number, operation, exception.Message);
                break;
            case WireException:
                _logger.PeerBrokeProtocol(number, operation, exception.Message);
                break;
            default:
                if (isInStep)
                {
                    _logger.RequestFailed(number, operation, exception.Message);
                }
                else
                {
                    _logger.UnexpectedFailure(number, operation, exception);
                }

                break;
        }
    }
}
