using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Wire;

/// <summary>
/// An upload in frames, as a stream that ends at the terminating empty frame. Whoever stops early calls <see cref="DrainAsync"/>
/// before anything else is read from the connection.
/// </summary>
/// <remarks>
/// Nix: src/libutil/include/nix/util/serialise.hh, FramedSource (protocol 1.23). A frame is u64 length and as many bytes, without
/// padding; length 0 ends the stream. The stream's end before that is a <see cref="WireException"/>. Reads are asynchronous only;
/// disposing does nothing, because draining has to wait.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "Named like the reader and writer it sits on.")]
public sealed class FramedReader(WireReader reader) : Stream
{
    private uint _remaining;
    private bool _ended;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="WireException">The connection ended, or a frame's length does not fit 32 bits.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || !await EnterFrameAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        int read =
            await reader.ReadAsync(buffer[..(int)Math.Min(_remaining, (uint)buffer.Length)], cancellationToken).ConfigureAwait(false);
        _remaining -= (uint)read;
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Reads and forgets everything up to the terminator, after which the connection is in step again.</summary>
    /// <exception cref="WireException">The connection ended, or a frame's length does not fit 32 bits.</exception>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (await EnterFrameAsync(cancellationToken).ConfigureAwait(false))
        {
            ReadOnlyMemory<byte> available = await reader.PeekAsync(cancellationToken).ConfigureAwait(false);
            int count = (int)Math.Min(_remaining, (uint)available.Length);
            reader.Consume(count);
            _remaining -= (uint)count;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Makes sure a byte of some frame is next. False at the end.</summary>
    private async ValueTask<bool> EnterFrameAsync(CancellationToken cancellationToken)
    {
        if (_remaining == 0 && !_ended)
        {
            ulong length = await reader.ReadUInt64Async(cancellationToken).ConfigureAwait(false);
            if (length > WireLimits.Frame)
            {
                throw new WireException($"A frame of {length} bytes is longer than the {WireLimits.Frame} allowed here.");
            }

            _remaining = (uint)length;
            _ended = length == 0;
        }

        return !_ended;
    }
}
