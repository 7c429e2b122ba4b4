using System.Diagnostics;
using System.Net.Sockets;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Client;

/// <summary>
/// A socket on which requests and replies alternate. It is in step when the reply to the last request has been read completely, so that
/// the next request may be sent. The rest of a half-read reply would look like the reply to the next request, so a connection that is not
/// in step can only be closed.
/// </summary>
/// <remarks>
/// A <see cref="DaemonClient"/> owns it and disposes it when no request is running. <see cref="Abort"/> may be called at any time.
/// </remarks>
internal sealed class DaemonConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly WireReader _reader;
    private readonly WireWriter _writer;
    private readonly MessageContext _context;
    private bool _inStep;

    private DaemonConnection(
        Socket socket, WireReader reader, WireWriter writer, HandshakeResult handshake, DaemonConnectorOptions options)
    {
        (_socket, _reader, _writer) = (socket, reader, writer);
        Handshake = handshake;
        _context = new MessageContext
        {
            StoreDirectory = options.StoreDirectory,
            Version = handshake.Version,
            Features = handshake.Features,
        };
        Volatile.Write(ref _inStep, true);
    }

    /// <summary>The result of the handshake.</summary>
    public HandshakeResult Handshake { get; }

    /// <summary>Whether a request may be sent.</summary>
    public bool IsInStep => Volatile.Read(ref _inStep);

    /// <summary>Counts the operations, for connections of a pool.</summary>
    public DaemonPoolMetrics? Metrics { get; set; }

    /// <summary>Gets the lines that the daemon sends for its user before a reply; null if there is no user.</summary>
    public Action<string>? Log { get; set; }

    /// <summary>Whether a byte of a reply has come since this was last set to false.</summary>
    public bool HasAnswered { get; set; }

    /// <summary>Whether the connection was lost while a request was sent or its reply had not begun.</summary>
    public bool WasLostUnanswered { get; private set; }

    /// <summary>
    /// Whether the daemon still has the connection open and has sent no unexpected bytes. One system call. Call it between requests only.
    /// </summary>
    public bool IsQuiet
    {
        get
        {
            try
            {
                return !_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>Shakes hands on a connected socket and takes it over. The caller closes the socket if this fails.</summary>
    /// <exception cref="DaemonRefusedException">The daemon closed the connection before it sent a byte.</exception>
    /// <exception cref="DaemonUnavailableException">The daemon closed the connection during the handshake.</exception>
    public static async Task<DaemonConnection> OpenAsync(
        Socket socket, DaemonConnectorOptions options, ClientHandshakeOptions announcement, CancellationToken cancellationToken)
    {
        NetworkStream stream = new(socket, ownsSocket: false);
        WireReader reader = new(stream);
        WireWriter writer = new(stream);
        try
        {
            HandshakeResult handshake =
                await ClientHandshake.RunAsync(reader, writer, announcement, cancellationToken);
            return reader.Buffered == 0
                ? new DaemonConnection(socket, reader, writer, handshake, options)
                : throw new WireException($"{reader.Buffered} bytes follow the handshake.");
        }
        catch (Exception exception)
        {
            reader.Dispose();
            writer.Dispose();
            if (!IsClosedByDaemon(exception))
                throw;
            throw reader.HasReceived
                ? new DaemonUnavailableException("it closed the connection during the handshake.", exception)
                : new DaemonRefusedException("it closed the connection without a word.", exception);
        }
    }

    /// <summary>Sends a request and reads its reply.</summary>
    /// <exception cref="RemoteErrorException">The daemon said no; the connection is in step unless it said more.</exception>
    /// <exception cref="WireException">The daemon broke the protocol or closed the connection.</exception>
    /// <exception cref="InvalidOperationException">The connection is not in step, or a request is under way.</exception>
    public async Task<TReply> RequestAsync<TArgument, TReply>(
        Operation operation,
        TArgument argument,
        Action<WireWriter, MessageContext, TArgument> write,
        Func<WireReader, MessageContext, CancellationToken, ValueTask<TReply>> read,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Interlocked.Exchange(ref _inStep, false))
        {
            throw new InvalidOperationException("The connection is not in step: a request is under way, or one was broken off.");
        }

        long started = Stopwatch.GetTimestamp();
        bool success = false;
        try
        {
            WriteRequest(operation, argument, write);
            await SendAsync(cancellationToken);
            if (await ReadStderrAsync(cancellationToken) is { } error)
            {
                // Nix sends an error in the request itself twice, then closes. The answer is valid, but the connection is not in step.
                Volatile.Write(ref _inStep, _reader.Buffered == 0);
                throw new RemoteErrorException(error);
            }

            _reader.BeginMessage(WireLimits.Reply);
            TReply reply = await read(_reader, _context, cancellationToken);
            if (_reader.Buffered > 0)
                throw new WireException($"{_reader.Buffered} bytes follow the reply to {operation}.");
            Volatile.Write(ref _inStep, true);
            success = true;
            return reply;
        }
        finally
        {
            Metrics?.OperationEnded(operation, success, Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>Closes the socket. A request that is running fails.</summary>
    public void Abort() => _socket.Dispose();

    public void Dispose()
    {
        Volatile.Write(ref _inStep, false);
        _socket.Dispose();
        _reader.Dispose();
        _writer.Dispose();
    }

    /// <summary>
    /// Whether the exception only says that the daemon closed the connection. Chance decides how a client sees that: as the end of the
    /// stream, as EPIPE when it writes later, or as ECONNRESET when the daemon left bytes unread in its socket.
    /// </summary>
    private static bool IsClosedByDaemon(Exception exception) => exception is IOException
    {
        InnerException: EndOfStreamException or SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown },
    };

    private void WriteRequest<TArgument>(
        Operation operation, TArgument argument, Action<WireWriter, MessageContext, TArgument> write)
    {
        try
        {
            _writer.WriteUInt64((ulong)operation);
            write(_writer, _context, argument);
        }
        catch
        {
            // The daemon has not seen any of it.
            _writer.Discard();
            Volatile.Write(ref _inStep, true);
            throw;
        }
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _writer.FlushAsync(cancellationToken);
            _ = await _reader.PeekAsync(cancellationToken);
        }
        catch (IOException)
        {
            WasLostUnanswered = true;
            throw;
        }

        HasAnswered = true;
    }

    /// <summary>Reads up to the reply, or to the error in its place. Of what the daemon reports on the way, only lines are passed on.</summary>
    private async ValueTask<RemoteError?> ReadStderrAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // A build may log any amount, so each message has a limit of its own.
            _reader.BeginMessage(WireLimits.Reply);
            switch (await StderrCodec.ReadAsync(_reader, _context.Version, cancellationToken))
            {
                case StderrMessage.Last:
                    return null;
                case StderrMessage.Failure failure:
                    return failure.Error;
                case StderrMessage.Next next:
                    Log?.Invoke(next.Text.TrimEnd('\n'));
                    break;
                case StderrMessage.Read or StderrMessage.Write:
                    throw new WireException("The daemon asks for data, or sends some, for a request that has none.");
            }
        }
    }
}
