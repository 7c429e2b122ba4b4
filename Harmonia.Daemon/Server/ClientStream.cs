using System.Net.Sockets;

namespace Harmonia.Daemon.Server;

/// <summary>
/// A client's socket as a stream. The thread that has just answered a request waits a moment for the next one, which avoids the switch
/// between threads that an asynchronous read costs. After that moment, or when enough threads wait already, the client waits with all
/// others in <see cref="IdleClients"/>. Does not own the socket.
/// </summary>
internal sealed class ClientStream : Stream
{
    private readonly Socket _socket;
    private readonly IdleClients _idle;
    private readonly ulong _name;
    private bool _wasIdle;

    public ClientStream(Socket socket, IdleClients idle)
    {
        socket.Blocking = false;
        _socket = socket;
        _idle = idle;
        _name = idle.Enrol();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>With an empty buffer, returns when there is something to read.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!buffer.IsEmpty && TryReceive(buffer.Span) is int received)
            {
                return received;
            }

            if (!_idle.WaitPatiently(_socket))
            {
                await _idle.WaitAsync(_name, _socket.SafeHandle, _wasIdle, cancellationToken);
                _wasIdle = true;
            }

            if (buffer.IsEmpty)
            {
                return 0;
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                // The socket's buffer nearly always has room, and a direct call is faster than the runtime's poller.
                int sent = _socket.Send(buffer.Span, SocketFlags.None, out SocketError error);
                if (error == SocketError.WouldBlock)
                {
                    sent = await _socket.SendAsync(buffer, SocketFlags.None, cancellationToken);
                }
                else if (error != SocketError.Success)
                {
                    throw new SocketException((int)error);
                }

                buffer = buffer[sent..];
            }
        }
        catch (SocketException exception)
        {
            throw Lost(exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static IOException Lost(SocketException exception) => new($"The client's connection is lost: {exception.Message}", exception);

    /// <summary>Null if there is nothing to read yet.</summary>
    private int? TryReceive(Span<byte> buffer)
    {
        int received = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => received,
            SocketError.WouldBlock => null,
            _ => throw Lost(new SocketException((int)error)),
        };
    }
}
