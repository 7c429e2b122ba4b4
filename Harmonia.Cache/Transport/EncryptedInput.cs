using System.IO.Pipelines;

namespace Harmonia.Cache.Transport;

/// <summary>
/// The input of a connection with TLS as it comes from the socket. A handshake signs, and may read the files of a certificate store, so
/// it continues on a thread that may block. What comes later is decrypted on the thread that polled the socket.
/// </summary>
internal sealed class EncryptedInput(PipeReader input) : PipeReader
{
    private bool _isHandshake = true;

    /// <summary>Notes that the handshake is done.</summary>
    public void EndHandshake() => _isHandshake = false;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<ReadResult> read = input.ReadAsync(cancellationToken);
        return _isHandshake && !read.IsCompleted ? PoolThread.AfterAsync(read) : read;
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result) => input.TryRead(out result);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => input.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => input.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public override void CancelPendingRead() => input.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => input.Complete(exception);
}
