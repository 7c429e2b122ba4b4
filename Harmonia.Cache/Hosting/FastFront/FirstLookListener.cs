using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>
/// Accepts the connections of a plain TCP listener. Those whose only request has a response in memory end here, and Kestrel gets all
/// others: it takes three times as long to set a connection up as the response takes. It owns the listening socket.
/// </summary>
internal sealed class FirstLookListener : IConnectionListener
{
    // What has come by then is served first, before others have their turn on the polling thread.
    private const int MaxInSuccession = 64;

    private static readonly TimeSpan PauseWithoutDescriptors = TimeSpan.FromMilliseconds(50);

    private readonly Socket _listener;
    private readonly SocketConnectionContextFactory _connections;
    private readonly LoneRequestResponder _responder;
    private readonly ILogger<FirstLookListener> _logger;
    private readonly SilentConnections _silent;
    private readonly Task _accepting;

    // Kestrel's loop continues on the thread that has accepted, as it does with its own listener.
    private readonly Channel<ConnectionContext> _forKestrel =
        Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    /// <summary>Begins to accept.</summary>
    /// <param name="listener">Listens.</param>
    /// <param name="responder">Responds to what needs no connection of Kestrel.</param>
    /// <param name="loggers">Get a message for each connection that fails in a way that no client can cause.</param>
    public FirstLookListener(Socket listener, LoneRequestResponder responder, ILoggerFactory loggers)
    {
        (_listener, _responder, _logger) = (listener, responder, loggers.CreateLogger<FirstLookListener>());
        _connections = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions { UnsafePreferInlineScheduling = true }, loggers.CreateLogger<SocketConnectionContextFactory>());
        EndPoint = listener.LocalEndPoint!;
        _silent = new SilentConnections(
            spoke: socket => Take(socket, looks: true, mayWait: false), handOver: socket => Take(socket, looks: false, mayWait: false));
        _accepting = AcceptAllAsync();
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _forKestrel.Reader.WaitToReadAsync(cancellationToken) && _forKestrel.Reader.TryRead(out ConnectionContext? connection) ? connection : null;

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _listener.Dispose();
        await _accepting;
        _silent.Dispose();
        _forKestrel.Writer.TryComplete();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_forKestrel.Reader.TryRead(out ConnectionContext? connection))
            await connection.DisposeAsync();
        _connections.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        for (int accepted = 1; ; accepted++)
        {
            try
            {
                Take(await _listener.AcceptAsync(), looks: true, mayWait: true);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.OperationAborted)
            {
                return;
            }
            catch (SocketException exception)
            {
                // The client is gone already; or there is no descriptor for it, and it waits.
                if (exception.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
                    await Task.Delay(PauseWithoutDescriptors);
            }

            if (accepted % MaxInSuccession == 0)
                await PoolThread.SwitchAsync();
        }
    }

    // Called by threads of the runtime, too, which let nothing pass: what fails here costs this connection.
    private void Take(Socket socket, bool looks, bool mayWait)
    {
        try
        {
            FirstLook seen = looks ? _responder.Look(socket) : FirstLook.Other;
            if (seen == FirstLook.Done || (seen == FirstLook.Silent && mayWait && _silent.TryAdd(socket)))
                return;
            socket.NoDelay = true;
            ConnectionContext connection = _connections.Create(socket);
            if (!_forKestrel.Writer.TryWrite(connection))
                connection.Abort();
        }
        catch (Exception exception)
        {
            socket.Dispose();
            // Otherwise the client is gone.
            if (exception is not (SocketException or ObjectDisposedException))
                _logger.ConnectionFailed(exception);
        }
    }
}
