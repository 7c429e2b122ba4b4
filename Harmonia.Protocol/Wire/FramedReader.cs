namespace Harmonia.Protocol.Wire;

/// <summary>
/// An upload in frames, as a stream that ends at the empty frame. A caller that stops early calls <see cref="DrainAsync"/> before it reads
/// anything else from the connection.
/// </summary>
/// <remarks>
/// Nix: src/libutil/include/nix/util/serialise.hh, FramedSource (protocol 1.23). A frame is u64 length and as many bytes, without
/// padding; length 0 ends the stream. The stream's end before that is a <see cref="WireException"/>.
/// </remarks>
public sealed class FramedReader(WireReader reader) : UploadReader
{
    private uint _remaining;
    private bool _ended;

    /// <inheritdoc/>
    /// <exception cref="WireException">The connection ended, or a frame's length does not fit 32 bits.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || !await EnterFrameAsync(cancellationToken))
        {
            return 0;
        }

        int read =
            await reader.ReadAsync(buffer[..(int)Math.Min(_remaining, (uint)buffer.Length)], cancellationToken);
        _remaining -= (uint)read;
        return read;
    }

    /// <summary>Reads and discards everything up to the empty frame. The connection is in step afterwards.</summary>
    /// <exception cref="WireException">The connection ended, or a frame's length does not fit 32 bits.</exception>
    public override async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (await EnterFrameAsync(cancellationToken))
        {
            ReadOnlyMemory<byte> available = await reader.PeekAsync(cancellationToken);
            int count = (int)Math.Min(_remaining, (uint)available.Length);
            reader.Consume(count);
            _remaining -= (uint)count;
        }
    }

    /// <summary>Reads up to the next byte of a frame. False at the end.</summary>
    private async ValueTask<bool> EnterFrameAsync(CancellationToken cancellationToken)
    {
        if (_remaining == 0 && !_ended)
        {
            ulong length = await reader.ReadUInt64Async(cancellationToken);
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
