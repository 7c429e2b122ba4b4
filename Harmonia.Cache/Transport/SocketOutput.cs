using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.Transport;

/// <summary>
/// The output of a socket. A flush passes what was written to the kernel: bytes with send(2), parts of files with sendfile(2), which copies
/// nothing. When the kernel has no more room, the flush waits without a thread. It continues on the thread that
/// polled the socket unless it may have to wait for a disk: a switch to another thread for each wait took half as much CPU time as sending
/// itself, 0.11 in place of 0.08 s per GB.
/// </summary>
/// <remarks>What is written to a connection that has failed is dropped.</remarks>
public sealed class SocketOutput : PipeWriter
{
    // A buffer for writers that write nothing into it.
    private static readonly byte[] Unused = new byte[1];

    private readonly ConnectionContext _connection;
    private readonly PipeWriter _original;
    private readonly SocketQueue _queue;
    private FileRun? _announced;
    private bool _isWaiting;
    private bool _isClosed;
    private bool _isCompleted;

    /// <param name="connection">Is aborted when the client can't be reached.</param>
    /// <param name="socket">Its socket.</param>
    /// <param name="original">The output that this one replaces.</param>
    public SocketOutput(ConnectionContext connection, Socket socket, PipeWriter original) =>
        (_connection, _queue, _original) = (connection, new SocketQueue(socket), original);

    /// <summary>Why a file could not be sent to the end, if so. Nothing goes out after that.</summary>
    public IOException? FileFailure => _queue.FileFailure;

    /// <summary>How many bytes were written here that nobody will ever send: not 0 for a connection that has failed.</summary>
    public long DroppedBytes { get; private set; }

    /// <summary>
    /// Whether <see cref="WriteAsync"/> never waits: the bytes that the kernel has no room for stay here until the next flush.
    /// </summary>
    internal bool DefersWaiting { get; set; }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _queue.Length;

    /// <summary>
    /// Writes a part of a file to the body of a response on this connection: Kestrel counts it like bytes, and the next flush sends it.
    /// False when the connection is closed.
    /// </summary>
    /// <param name="body">The body of the response.</param>
    /// <param name="file">Stays open until the flush has ended.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="count">Its length, at least 1.</param>
    internal bool WriteFile(ZeroCopyBody body, SafeFileHandle file, long offset, int count)
    {
        _announced = new FileRun(file, offset, count);
        // Kestrel allows Advance only after memory was asked for since the response started.
        _ = body.Writer.GetMemory();
        body.Writer.Advance(count);
        bool isTaken = _announced is null;
        _announced = null;
        return isTaken;
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        _announced is null ? _queue.Buffers.GetMemory(sizeHint) : Unused;

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (_announced is not { } file)
        {
            // The file's bytes would come after these.
            if (_queue.HasFile)
                throw new InvalidOperationException("A file has been written and not been flushed.");
            _queue.Buffers.Advance(bytes);
            return;
        }

        if (bytes != file.Length)
            throw new InvalidOperationException($"A file of {file.Length} bytes was announced, not {bytes}.");
        _queue.Add(file);
        _announced = null;
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (!_isClosed)
            {
                SendProgress progress = _queue.TrySend();
                return progress == SendProgress.Done
                    ? ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: false))
                    : SendRestAsync(progress, cancellationToken);
            }
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            return ValueTask.FromResult(Fail(exception));
        }

        Drop();
        return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: true));
    }

    /// <summary>Passes the bytes to the kernel without copying them, as far as it has room, and copies only the rest.</summary>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        try
        {
            int sent = _isClosed ? 0 : _queue.TrySendFirst(source.Span);
            if (sent < source.Length)
                this.Write(source.Span[sent..]);
            return DefersWaiting && !_isClosed ? ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: false)) : FlushAsync(cancellationToken);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            return ValueTask.FromResult(Fail(exception));
        }
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
        if (!_isClosed && !_isWaiting && exception is null && !_queue.HasFile)
        {
            for (; _queue.Buffers.Length > 0; _queue.Buffers.Sent(_queue.Buffers.First.Length))
                _original.Write(_queue.Buffers.First.Span);
        }

        Close();
        // Ends the loop that would have sent, and with it the connection.
        _original.Complete(exception);
    }

    private static bool IsFailure(Exception exception) => exception is IOException or SocketException or ObjectDisposedException;

    private async ValueTask<FlushResult> SendRestAsync(SendProgress progress, CancellationToken cancellationToken)
    {
        _isWaiting = true;
        try
        {
            for (; progress != SendProgress.Done; progress = _queue.TrySend())
            {
                if (progress == SendProgress.NoRoom)
                    await _queue.SendPieceAsync(cancellationToken);
                else
                    await Task.Yield();
                if (_queue.MayBlock)
                    await PoolThread.SwitchAsync();
            }

            return new FlushResult(isCanceled: false, isCompleted: false);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            return Fail(exception);
        }
        catch (OperationCanceledException)
        {
            // It is not known how much of the piece was sent.
            Close();
            throw;
        }
        finally
        {
            EndWaiting();
            await PoolThread.SwitchAsync();
        }
    }

    private FlushResult Fail(Exception exception)
    {
        Close();
        // The writer of the body reports a failure of the file: Kestrel takes a completed flush for a client that is gone.
        if (FileFailure is null)
            _connection.Abort(new ConnectionAbortedException("The client can't be reached.", exception));
        return new FlushResult(isCanceled: false, isCompleted: FileFailure is null);
    }

    // A connection may be completed while a flush waits, which still uses the buffers.
    private void Close()
    {
        lock (_queue)
        {
            _isClosed = true;
            if (!_isWaiting)
                Drop();
        }
    }

    private void EndWaiting()
    {
        lock (_queue)
        {
            _isWaiting = false;
            if (_isClosed)
                Drop();
        }
    }

    private void Drop()
    {
        DroppedBytes += _queue.Length;
        _queue.Clear();
    }
}
