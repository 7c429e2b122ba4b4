using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Wire;

/// <summary>
/// Sends an upload in frames: each write is one frame, <see cref="CompleteAsync"/> sends the terminator.
/// </summary>
/// <remarks>
/// Nix: src/libstore/include/nix/store/remote-store.hh, FramedSink (protocol 1.23); the layout is described at
/// <see cref="FramedReader"/>. The terminator has to be sent after a failure too, else the peer waits for it for ever. Writes are
/// asynchronous only, and go through the writer's buffer: they reach the peer when it is large, and in <see cref="CompleteAsync"/>
/// and <see cref="FlushAsync"/>.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "Named like the reader and writer it sits on.")]
public sealed class FramedWriter(WireWriter writer) : Stream
{
    private const int FrameSize = 64 << 10;

    private bool _completed;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The peer is gone.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_completed, this);

        // An empty frame would be the terminator, so an empty write is none.
        while (!buffer.IsEmpty)
        {
            ReadOnlyMemory<byte> frame = buffer[..Math.Min(buffer.Length, FrameSize)];
            writer.WriteUInt64((ulong)frame.Length);
            writer.WriteRaw(frame.Span);
            await writer.FlushIfLargeAsync(cancellationToken);
            buffer = buffer[frame.Length..];
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Writes the terminator and flushes. Calling it again does nothing.</summary>
    /// <exception cref="IOException">The peer is gone.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (!_completed)
        {
            _completed = true;
            writer.WriteUInt64(0);
            await writer.FlushAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => writer.FlushAsync(cancellationToken).AsTask();

    /// <summary>Does nothing: only <see cref="FlushAsync"/> can wait.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
