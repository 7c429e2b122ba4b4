using System.Buffers;

namespace Harmonia.Protocol.Wire;

/// <summary>
/// The bytes that have arrived from a stream and have not been read yet. The buffer is rented while it has bytes or a read is running, but not
/// while <see cref="WaitForDataAsync"/> waits for a socket. The reader that created it disposes it when no read is running.
/// </summary>
internal sealed class InputBuffer(Stream stream) : IDisposable
{
    /// <summary>The size in bytes. Nix sends buffers of 32 KiB; with twice that size a NAR takes fewer reads.</summary>
    public const int Size = 64 << 10;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Called before each read of the stream; null for nothing.</summary>
    public Func<ValueTask>? BeforeReceiving { get; set; }

    /// <summary>Whether any byte has arrived yet.</summary>
    public bool HasReceived { get; private set; }

    /// <summary>The number of reads of the stream.</summary>
    public long Receptions { get; private set; }

    public int Count => _end - _start;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_start, Count);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(_start, Count);

    /// <summary>Waits for the first byte of a message. False at the end of the stream.</summary>
    public async ValueTask<bool> WaitForDataAsync(CancellationToken cancellationToken)
    {
        if (Count > 0)
        {
            return true;
        }

        await PrepareAsync();

        // An empty read of a socket completes when there are bytes to read. On other streams it completes at once, and the next read waits.
        _ = await stream.ReadAsync(Memory<byte>.Empty, cancellationToken);
        return await FillAsync(cancellationToken);
    }

    /// <summary>Waits until there are <paramref name="count"/> bytes, at most <see cref="Size"/>.</summary>
    /// <exception cref="WireException">The stream ended before.</exception>
    public async ValueTask RequireAsync(int count, CancellationToken cancellationToken)
    {
        while (Count < count)
        {
            await PrepareAsync();
            if (!await FillAsync(cancellationToken))
            {
                throw EndOfStream();
            }
        }
    }

    /// <summary>Removes bytes. The buffer is returned with the last one.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        _start += count;
        if (Count == 0)
        {
            Dispose();
        }
    }

    /// <summary>Reads at least one byte directly from the stream. The buffer must be empty.</summary>
    /// <exception cref="WireException">The stream ended.</exception>
    public async ValueTask<int> ReadDirectlyAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        await PrepareAsync();
        int read = await ReceiveAsync(destination, cancellationToken);
        HasReceived |= read > 0;
        return read > 0 ? read : throw EndOfStream();
    }

    public void Dispose()
    {
        _start = _end = 0;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    // The inner exception distinguishes the end of the stream from bytes that break the protocol.
    private static WireException EndOfStream() => new("The connection ended in the middle of a message.", new EndOfStreamException());

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Size);
        }
        else if (_start > 0)
        {
            Span.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int read = await ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        HasReceived |= read > 0;
        if (Count == 0)
        {
            Dispose();
        }

        return read > 0;
    }

    private ValueTask PrepareAsync() => BeforeReceiving is null ? ValueTask.CompletedTask : BeforeReceiving();

    private ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        Receptions++;
        return stream.ReadAsync(destination, cancellationToken);
    }
}
