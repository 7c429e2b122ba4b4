using System.Net.Sockets;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Protocol.Client;

/// <summary>Opens connections to one daemon.</summary>
/// <remarks>
/// A new connection is ready for queries at once. It does not send SetOptions, as the nix programs do first: every daemon serves without it
/// (src/libstore/daemon.cc, processConnection), and it would cost each connection a round trip.
/// </remarks>
public sealed class DaemonConnector
{
    // The pause between two attempts while the daemon is busy forking. Arbitrary; as short as one handshake with it, which takes 10 ms.
    private static readonly TimeSpan BacklogPause = TimeSpan.FromMilliseconds(10);

    private static readonly ClientHandshakeOptions Announcement = new()
    {
        Features = new FeatureSet([
            ProtocolFeatures.RealisationWithPathNotHash,
            ProtocolFeatures.HarmoniaCache,
            ProtocolFeatures.HarmoniaChanges,
            ProtocolFeatures.HarmoniaCount,
        ]),
    };

    private static readonly ClientHandshakeOptions NoAnnouncement = new();

    private readonly DaemonConnectorOptions _options;

    /// <summary>Creates a connector. It opens nothing yet.</summary>
    public DaemonConnector(DaemonConnectorOptions options) => _options = options;

    /// <summary>Opens a connection and shakes hands. The caller owns it.</summary>
    /// <exception cref="DaemonRefusedException">The daemon closed the connection before it sent a byte.</exception>
    /// <exception cref="DaemonUnavailableException">
    /// There is no daemon, it does not let us in, it speaks another protocol, or it took longer than
    /// <see cref="DaemonConnectorOptions.ConnectTimeout"/>.
    /// </exception>
    public async Task<DaemonClient> ConnectAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(_options.ConnectTimeout, _options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await ConnectAsync(socket, either.Token);
            return new DaemonClient(
                await DaemonConnection.OpenAsync(socket, _options, _options.OutputsByHash ? NoAnnouncement : Announcement, either.Token));
        }
        catch (Exception exception)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            string message = $"The Nix daemon at {_options.SocketPath} cannot be used: {Explain(exception)}";
            throw exception is DaemonRefusedException
                ? new DaemonRefusedException(message, exception.InnerException)
                : new DaemonUnavailableException(message, exception);
        }
    }

    private async ValueTask ConnectAsync(Socket socket, CancellationToken cancellationToken)
    {
        using UnixSocketAddress address = UnixSocketAddress.Of(_options.SocketPath);
        while (true)
        {
            try
            {
                await socket.ConnectAsync(address.EndPoint, cancellationToken);
                return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
            {
                // The daemon's backlog is full (5 connections in Nix 2.8). A blocking connect would wait for it.
                await Task.Delay(BacklogPause, _options.TimeProvider, cancellationToken);
            }
        }
    }

    private string Explain(Exception exception) => exception switch
    {
        OperationCanceledException => $"it did not answer within {_options.ConnectTimeout.TotalSeconds} s.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } or SystemCallException { ErrorNumber: Errno.NoEntry } =>
            "there is no such file.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nothing listens there.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "this user may not open it.",
        RemoteErrorException => $"it refused to serve: {exception.Message}",
        _ => exception.Message,
    };
}
