using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Harmonia.Cache.Interop;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Transport;

/// <summary>
/// The output of a connection that is not encrypted. A flush hands what was written to the kernel by itself: bytes with send(2), parts
/// of files with sendfile(2), which copies nothing. When the kernel has no more room the flush waits, holding no thread.
/// </summary>
/// <remarks>What is written to a connection that has failed is dropped.</remarks>
public sealed class SocketOutput : PipeWriter
{
    // What is copied so that the base class library waits for room; sendfile(2) goes on with the rest. A slow client costs no more.
    private const int WaitingPiece = 4 * 1024;

    // For files on file systems that have no sendfile(2).
    private const int CopiedPiece = 64 * 1024;

    // Memory for those who write nothing into it.
    private static readonly byte[] Unused = new byte[1];

    private readonly ConnectionContext _connection;
    private readonly Socket _socket;
    private readonly PipeWriter _original;
    private readonly OutputBuffers _buffers = new();
    private FileRun _announced;
    private FileRun _file;
    private bool _copiesFile;
    private bool _isWaiting;
    private bool _isClosed;
    private bool _isCompleted;

    /// <param name="connection">Is aborted when the client can't be reached.</param>
    /// <param name="socket">Its socket.</param>
    /// <param name="original">The output that this one takes the place of.</param>
    public SocketOutput(ConnectionContext connection, Socket socket, PipeWriter original) =>
        (_connection, _socket, _original) = (connection, socket, original);

    /// <summary>Why a file could not be sent to the end, if so. Nothing goes out after that.</summary>
    public IOException? FileFailure { get; private set; }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _buffers.Length + _file.Length;

    /// <summary>
    /// Writes a part of a file to the body of the response that goes out here: the server counts it like bytes, and the next flush
    /// sends it. False when the connection is closed.
    /// </summary>
    /// <param name="body">The body of a response that has started, has a length and passes on what it gets as it is.</param>
    /// <param name="file">Stays open until the flush has ended.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="count">Its length, at least 1.</param>
    public bool WriteFile(PipeWriter body, SafeFileHandle file, long offset, int count)
    {
        _announced = new FileRun(file, offset, count);
        // Kestrel lets nobody advance who has not asked for memory since the response started.
        _ = body.GetMemory();
        body.Advance(count);
        bool isTaken = _announced.Length == 0;
        _announced = default;
        return isTaken;
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        _announced.Length == 0 ? _buffers.GetMemory(sizeHint) : Unused;

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (_announced.Length == 0)
        {
            // The file's bytes would come after these.
            if (_file.Length > 0)
                throw new InvalidOperationException("A file has been written and not been flushed.");
            _buffers.Advance(bytes);
            return;
        }

        if (bytes != _announced.Length)
            throw new InvalidOperationException($"A file of {_announced.Length} bytes was announced, not {bytes}.");
        _file = _announced;
        _announced = default;
        _copiesFile = false;
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (!_isClosed)
                return TrySend() ? ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: false)) : WaitAndSendAsync(cancellationToken);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            return ValueTask.FromResult(Fail(exception));
        }

        Drop();
        return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: true));
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
        // For applications; Kestrel itself aborts the connection, which ends a flush.
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
            return;
        _isCompleted = true;
        if (!_isClosed && !_isWaiting && exception is null && _file.Length == 0)
        {
            for (; _buffers.Length > 0; _buffers.Sent(_buffers.First.Length))
                _original.Write(_buffers.First.Span);
        }

        Close();
        // Ends the loop that would have sent, and with it the connection.
        _original.Complete(exception);
    }

    private static bool IsFailure(Exception exception) => exception is IOException or SocketException or ObjectDisposedException;

    private async ValueTask<FlushResult> WaitAndSendAsync(CancellationToken cancellationToken)
    {
        _isWaiting = true;
        try
        {
            do
                await SendPieceAsync(cancellationToken);
            while (!TrySend());
            return new FlushResult(isCanceled: false, isCompleted: false);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            return Fail(exception);
        }
        catch (OperationCanceledException)
        {
            // Nobody knows how much of the piece is out.
            Close();
            throw;
        }
        finally
        {
            EndWaiting();
        }
    }

    /// <summary>Hands over as much as the kernel has room for; true when nothing is left.</summary>
    private bool TrySend()
    {
        while (_buffers.Length > 0)
        {
            ReadOnlyMemory<byte> first = _buffers.First;
            int sent = LibcSockets.Send(_socket.SafeHandle, first.Span, hasMore: _buffers.Length + _file.Length > first.Length);
            if (sent == -LibcSockets.WouldBlock)
                return false;
            if (sent < 0)
                throw new ConnectionResetException(Marshal.GetPInvokeErrorMessage(-sent));
            _buffers.Sent(sent);
        }

        return TrySendFile();
    }

    private bool TrySendFile()
    {
        while (_file.Length > 0 && !_copiesFile)
        {
            int sent = LibcSockets.SendFile(_socket.SafeHandle, _file.File, _file.Offset, _file.Length);
            switch (sent)
            {
                case > 0:
                    _file = _file.From(sent);
                    break;
                case 0:
                    throw FileFailure = new EndOfStreamException($"ended at {_file.Offset}, before its size");
                case -LibcSockets.WouldBlock:
                    return false;
                case -LibcSockets.InvalidArgument or -LibcSockets.NotImplemented:
                    _copiesFile = true;
                    break;
                case -LibcSockets.InputOutput or -LibcSockets.StaleFile:
                    throw FileFailure = new IOException($"cannot be read: {Marshal.GetPInvokeErrorMessage(-sent)}");
                default:
                    throw new ConnectionResetException(Marshal.GetPInvokeErrorMessage(-sent));
            }
        }

        return _file.Length == 0;
    }

    private async ValueTask SendPieceAsync(CancellationToken cancellationToken)
    {
        if (_buffers.Length > 0)
        {
            int sent = await _socket.SendAsync(_buffers.First, SocketFlags.None, cancellationToken);
            _buffers.Sent(sent);
            return;
        }

        int length = Math.Min(_copiesFile ? CopiedPiece : WaitingPiece, _file.Length);
        byte[] piece = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int read = ReadFile(piece.AsSpan(0, length));
            _file = _file.From(await _socket.SendAsync(piece.AsMemory(0, read), SocketFlags.None, cancellationToken));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private int ReadFile(Span<byte> piece)
    {
        try
        {
            int read = RandomAccess.Read(_file.File, piece, _file.Offset);
            return read > 0 ? read : throw new EndOfStreamException($"ended at {_file.Offset}, before its size");
        }
        catch (IOException exception)
        {
            FileFailure = exception;
            throw;
        }
    }

    private FlushResult Fail(Exception exception)
    {
        Close();
        // What the file did is for the writer of the body to say: Kestrel takes a completed flush for a client that has gone.
        if (FileFailure is null)
            _connection.Abort(new ConnectionAbortedException("The client can't be reached.", exception));
        return new FlushResult(isCanceled: false, isCompleted: FileFailure is null);
    }

    // A connection may be completed while a flush waits, which still uses the buffers.
    private void Close()
    {
        lock (_buffers)
        {
            _isClosed = true;
            if (!_isWaiting)
                Drop();
        }
    }

    private void EndWaiting()
    {
        lock (_buffers)
        {
            _isWaiting = false;
            if (_isClosed)
                Drop();
        }
    }

    private void Drop()
    {
        _buffers.Clear();
        _file = default;
    }
}
