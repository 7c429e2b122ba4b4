using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Wire;

/// <summary>
/// Reads the worker protocol's primitives from a stream. A message has no length of its own, so it is asked for primitive by primitive;
/// what is already buffered is answered without waiting.
/// </summary>
/// <remarks>
/// Nix: src/libutil/serialise.cc and src/libutil/include/nix/util/serialise.hh. Does not own the stream. One read at a time. The
/// buffer is rented while there are bytes in it or a read is under way, and never while <see cref="WaitForDataAsync"/> waits on a socket: an idle
/// connection holds none. Every method throws <see cref="WireException"/> for bytes that break the protocol, the end of the stream
/// among them, and whatever the stream throws. After any exception, cancellation included, the reader is out of step and its owner
/// closes the connection. Dispose it when no read is under way.
/// </remarks>
public sealed class WireReader(Stream stream) : IDisposable
{
    private const int BufferSize = 64 << 10;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private long _allowance = long.MaxValue;

    /// <summary>Turns the bytes of a string into a value.</summary>
    /// <exception cref="FormatException">They are not one. The reader makes a <see cref="WireException"/> of it.</exception>
    public delegate T Decoder<in TState, out T>(ReadOnlySpan<byte> bytes, TState state);

    /// <summary>The number of bytes that have arrived and were not read.</summary>
    public int Buffered => _end - _start;

    /// <summary>
    /// Begins a message which may have <paramref name="limit"/> bytes in integers and strings together; raw bytes (NARs, frames) do not count.
    /// Until the first call there is no limit.
    /// </summary>
    public void BeginMessage(long limit) => _allowance = limit;

    /// <summary>
    /// Waits for the next message. True when a byte of it is there, false when the peer has closed the connection, which is in good order
    /// here, between messages.
    /// </summary>
    public async ValueTask<bool> WaitForDataAsync(CancellationToken cancellationToken)
    {
        if (Buffered > 0)
        {
            return true;
        }

        // A socket answers an empty read once there is something to read; other streams answer at once, and the next read waits.
        _ = await stream.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
        return await FillOnceAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads an integer: 8 bytes, little endian.</summary>
    public ValueTask<ulong> ReadUInt64Async(CancellationToken cancellationToken)
    {
        return Buffered >= sizeof(ulong) ? new ValueTask<ulong>(TakeUInt64()) : WaitAsync(cancellationToken);

        async ValueTask<ulong> WaitAsync(CancellationToken cancellationToken)
        {
            await FillAsync(sizeof(ulong), cancellationToken).ConfigureAwait(false);
            return TakeUInt64();
        }
    }

    /// <summary>Reads an integer that must be below 2^63: a time in seconds or microseconds, which Nix reads as signed.</summary>
    public async ValueTask<long> ReadInt64Async(CancellationToken cancellationToken) =>
        (long)await ReadUpToAsync(long.MaxValue, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads an integer that must fit 32 bits: an operation, a level, a version.</summary>
    public async ValueTask<uint> ReadUInt32Async(CancellationToken cancellationToken) =>
        (uint)await ReadUpToAsync(uint.MaxValue, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads an integer that must fit 8 bits: an enumeration, the tag of an optional value.</summary>
    public async ValueTask<byte> ReadByteAsync(CancellationToken cancellationToken) =>
        (byte)await ReadUpToAsync(byte.MaxValue, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads a truth value: any integer but 0 is true.</summary>
    public async ValueTask<bool> ReadBoolAsync(CancellationToken cancellationToken) =>
        await ReadUInt64Async(cancellationToken).ConfigureAwait(false) != 0;

    /// <summary>Reads the tag of an optional value: 0 or 1, nothing else.</summary>
    public async ValueTask<bool> ReadPresenceAsync(CancellationToken cancellationToken) =>
        await ReadUpToAsync(1, cancellationToken).ConfigureAwait(false) == 1;

    /// <summary>Reads the number of elements of a list, set or map.</summary>
    /// <param name="limit">The largest number that is accepted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<int> ReadCountAsync(int limit, CancellationToken cancellationToken)
    {
        ulong count = await ReadUInt64Async(cancellationToken).ConfigureAwait(false);
        return count <= (ulong)limit ? (int)count : throw new WireException($"A list of {count} elements is longer than the {limit} allowed here.");
    }

    /// <summary>Reads a string as bytes.</summary>
    /// <param name="limit">The largest number of bytes that is accepted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<byte[]> ReadBytesAsync(int limit, CancellationToken cancellationToken) =>
        ReadDecodedAsync(limit, 0, static (bytes, _) => bytes.ToArray(), cancellationToken);

    /// <summary>Reads a string that must be UTF-8.</summary>
    /// <param name="limit">The largest number of bytes that is accepted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<string> ReadStringAsync(int limit, CancellationToken cancellationToken) =>
        ReadDecodedAsync(limit, 0, static (bytes, _) => DecodeStrictly(bytes), cancellationToken);

    /// <summary>Reads text for people: bytes that are not UTF-8 become U+FFFD, so it does not go back onto the wire unchanged.</summary>
    /// <param name="limit">The largest number of bytes that is accepted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<string> ReadTextAsync(int limit, CancellationToken cancellationToken) =>
        ReadDecodedAsync(limit, 0, static (bytes, _) => Encoding.UTF8.GetString(bytes), cancellationToken);

    /// <summary>Reads a string and makes a value of it, without a string in between.</summary>
    /// <param name="limit">The largest number of bytes that is accepted.</param>
    /// <param name="state">Passed to the decoder.</param>
    /// <param name="decoder">Called once with all bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<T> ReadDecodedAsync<TState, T>(int limit, TState state, Decoder<TState, T> decoder, CancellationToken cancellationToken)
    {
        ulong claimed = await ReadUInt64Async(cancellationToken).ConfigureAwait(false);
        if (claimed > (ulong)limit)
        {
            throw new WireException($"A string of {claimed} bytes is longer than the {limit} allowed here.");
        }

        int length = (int)claimed;
        int padding = Padding.Of(length);
        if (length <= BufferSize - sizeof(ulong))
        {
            await FillAsync(length + padding, cancellationToken).ConfigureAwait(false);
            T value = Decode(_buffer.AsSpan(_start, length), state, decoder);
            CheckPadding(_buffer.AsSpan(_start + length, padding));
            Take(length + padding);
            return value;
        }
        else
        {
            byte[] bytes = await ReadLongAsync(length, cancellationToken).ConfigureAwait(false);
            await FillAsync(padding, cancellationToken).ConfigureAwait(false);
            CheckPadding(_buffer.AsSpan(_start, padding));
            Take(padding);
            return Decode(bytes, state, decoder);
        }
    }

    /// <summary>Fills <paramref name="destination"/> with raw bytes.</summary>
    public async ValueTask ReadExactlyAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            destination = destination[await ReadAsync(destination, cancellationToken).ConfigureAwait(false)..];
        }
    }

    /// <summary>Reads at least one raw byte, and at most what fits; 0 only into an empty destination.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (Buffered == 0 && destination.Length >= BufferSize)
        {
            // Nothing to gain from a detour through the buffer.
            int read = await stream.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
            return read > 0 ? read : throw EndOfStream();
        }

        ReadOnlyMemory<byte> available = destination.IsEmpty ? default : await PeekAsync(cancellationToken).ConfigureAwait(false);
        int count = Math.Min(available.Length, destination.Length);
        available.Span[..count].CopyTo(destination.Span);
        Consume(count);
        return count;
    }

    /// <summary>Shows the raw bytes that are there, at least one, without taking them. They stay valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(CancellationToken cancellationToken)
    {
        if (Buffered == 0 && !await FillOnceAsync(cancellationToken).ConfigureAwait(false))
        {
            throw EndOfStream();
        }

        return _buffer.AsMemory(_start, Buffered);
    }

    /// <summary>Takes raw bytes that <see cref="PeekAsync"/> has shown.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Buffered);
        _start += count;
        if (Buffered == 0)
        {
            ReturnBuffer();
        }
    }

    /// <summary>Gives the buffer back to the pool. Bytes in it are lost.</summary>
    public void Dispose()
    {
        _start = _end = 0;
        ReturnBuffer();
    }

    private static T Decode<TState, T>(ReadOnlySpan<byte> bytes, TState state, Decoder<TState, T> decoder)
    {
        try
        {
            return decoder(bytes, state);
        }
        catch (FormatException exception)
        {
            throw new WireException(exception.Message, exception);
        }
    }

    private static string DecodeStrictly(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.Encoding.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new WireException($"A string of {bytes.Length} bytes is not UTF-8.", exception);
        }
    }

    private static void CheckPadding(ReadOnlySpan<byte> padding)
    {
        if (padding.ContainsAnyExcept((byte)0))
        {
            throw new WireException("The padding behind a string is not zero.");
        }
    }

    private static WireException EndOfStream() => new("The connection ended in the middle of a message.");

    private async ValueTask<ulong> ReadUpToAsync(ulong largest, CancellationToken cancellationToken)
    {
        ulong value = await ReadUInt64Async(cancellationToken).ConfigureAwait(false);
        return value <= largest ? value : throw new WireException($"The integer {value} is larger than the {largest} allowed here.");
    }

    private async ValueTask<byte[]> ReadLongAsync(int length, CancellationToken cancellationToken)
    {
        Charge(length);

        // More memory is taken only as the bytes arrive that are to fill it.
        byte[] bytes = new byte[Math.Min(length, BufferSize)];
        int filled = 0;
        while (true)
        {
            await ReadExactlyAsync(bytes.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            filled = bytes.Length;
            if (filled == length)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(length, 2L * filled));
        }
    }

    private ulong TakeUInt64()
    {
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan(_start));
        Take(sizeof(ulong));
        return value;
    }

    private void Take(int count)
    {
        Charge(count);
        Consume(count);
    }

    private void Charge(int count)
    {
        _allowance -= count;
        if (_allowance < 0)
        {
            throw new WireException("The message is longer than allowed.");
        }
    }

    /// <summary>Waits until <paramref name="count"/> bytes, which have to fit the buffer, are there.</summary>
    private async ValueTask FillAsync(int count, CancellationToken cancellationToken)
    {
        while (Buffered < count)
        {
            if (!await FillOnceAsync(cancellationToken).ConfigureAwait(false))
            {
                throw EndOfStream();
            }
        }
    }

    private async ValueTask<bool> FillOnceAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, Buffered).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        if (Buffered == 0)
        {
            ReturnBuffer();
        }

        return read > 0;
    }

    private void ReturnBuffer()
    {
        _start = _end = 0;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
