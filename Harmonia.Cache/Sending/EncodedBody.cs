using System.Buffers;
using System.IO.Pipelines;

namespace Harmonia.Cache.Sending;

/// <summary>
/// The writer of a body that compresses at each flush, on a thread of the pool, and then waits until the client has taken most of it. A slow
/// client costs one piece of memory besides the encoder. The owner disposes it.
/// </summary>
public sealed class EncodedBody(ActiveCompression compression, PipeWriter output) : PipeWriter, IDisposable
{
    private const int FirstRoom = 64 * 1024;

    private byte[] _room = ArrayPool<byte>.Shared.Rent(FirstRoom);
    private int _filled;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _filled;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        int needed = _filled + Math.Max(1, sizeHint);
        if (needed > _room.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(needed);
            _room.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_room);
            _room = larger;
        }

        return _room.AsMemory(_filled);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes) => _filled += bytes;

    /// <inheritdoc/>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_filled > 0)
            await Task.Run(EncodeRoom, cancellationToken);
        return await output.FlushAsync(cancellationToken);
    }

    /// <summary>Compresses the rest and writes the end.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await Task.Run(
            () =>
            {
                EncodeRoom();
                compression.End();
            },
            cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => output.CancelPendingFlush();

    /// <summary>Does nothing. <see cref="EndAsync"/> ends a body, and a body that fails must have no end.</summary>
    public override void Complete(Exception? exception = null)
    {
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_room);

    private void EncodeRoom()
    {
        compression.Encode(_room.AsSpan(0, _filled));
        _filled = 0;
    }
}
