using System.Buffers.Binary;
using System.Text;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Wire;

/// <summary>
/// Reads the worker protocol's primitives from a stream. The length of a message is not known, so the caller reads it primitive by primitive.
/// Buffered bytes are returned without waiting.
/// </summary>
/// <remarks>
/// Nix: src/libutil/serialise.cc and src/libutil/include/nix/util/serialise.hh. Does not own the stream. One read at a time. The
/// buffer is rented while there are bytes in it or a read is under way, and never while <see cref="WaitForDataAsync"/> waits on a
/// socket: an idle connection holds none. Every method throws <see cref="WireException"/> for bytes that break the protocol, the
/// end of the stream among them, and whatever the stream throws. After any exception, cancellation included, the reader is out of
/// step and its owner closes the connection. Dispose it when no read is under way.
/// </remarks>
public sealed class WireReader(Stream stream) : IDisposable
{
    private readonly InputBuffer _input = new(stream);
    private long _allowance = long.MaxValue;

    /// <summary>Turns the bytes of a string into a value.</summary>
    /// <exception cref="FormatException">The bytes are not valid. The reader throws a <see cref="WireException"/> with this cause.</exception>
    public delegate T Decoder<in TState, out T>(ReadOnlySpan<byte> bytes, TState state);

    /// <summary>The number of bytes that have arrived and have not been read.</summary>
    public int Buffered => _input.Count;

    /// <summary>Whether any byte has arrived yet.</summary>
    public bool HasReceived => _input.HasReceived;

    /// <summary>The number of reads of the stream. All <see cref="Buffered"/> bytes had arrived when the last read ended.</summary>
    public long Receptions => _input.Receptions;

    /// <summary>Sets what runs before each read of the stream. It can send what the peer may be waiting for.</summary>
    public void RunBeforeReceiving(Func<ValueTask> action) => _input.BeforeReceiving = action;

    /// <summary>
    /// Begins a message with at most <paramref name="limit"/> bytes of integers and strings. Raw bytes (NARs, frames) do not count. There is
    /// no limit before the first call.
    /// </summary>
    public void BeginMessage(long limit) => _allowance = limit;

    /// <summary>
    /// Waits for the next message. True when its first byte has arrived, false when the peer has closed the connection, which is allowed
    /// between messages.
    /// </summary>
    public ValueTask<bool> WaitForDataAsync(CancellationToken cancellationToken) => _input.WaitForDataAsync(cancellationToken);

    /// <summary>Reads an integer: 8 bytes, little endian.</summary>
    public ValueTask<ulong> ReadUInt64Async(CancellationToken cancellationToken)
    {
        return Buffered >= sizeof(ulong) ? new ValueTask<ulong>(TakeUInt64()) : WaitAsync(cancellationToken);

        async ValueTask<ulong> WaitAsync(CancellationToken cancellationToken)
        {
            await _input.RequireAsync(sizeof(ulong), cancellationToken);
            return TakeUInt64();
        }
    }

    /// <summary>Reads an integer that must be below 2^63: a time in seconds or microseconds, which Nix reads as signed.</summary>
    public async ValueTask<long> ReadInt64Async(CancellationToken cancellationToken) =>
        (long)await ReadUpToAsync(long.MaxValue, cancellationToken);

    /// <summary>Reads an integer that must fit 32 bits: an operation, a level, a version.</summary>
    public async ValueTask<uint> ReadUInt32Async(CancellationToken cancellationToken) =>
        (uint)await ReadUpToAsync(uint.MaxValue, cancellationToken);

    /// <summary>Reads an integer that must fit 8 bits: an enumeration, the tag of an optional value.</summary>
    public async ValueTask<byte> ReadByteAsync(CancellationToken cancellationToken) =>
        (byte)await ReadUpToAsync(byte.MaxValue, cancellationToken);

    /// <summary>Reads a boolean: any integer except 0 is true.</summary>
    public async ValueTask<bool> ReadBoolAsync(CancellationToken cancellationToken) =>
        await ReadUInt64Async(cancellationToken) != 0;

    /// <summary>Reads the tag of an optional value, which must be 0 or 1.</summary>
    public async ValueTask<bool> ReadPresenceAsync(CancellationToken cancellationToken) =>
        await ReadUpToAsync(1, cancellationToken) == 1;

    /// <summary>Reads the number of elements of a list, set or map.</summary>
    /// <param name="limit">The maximum number of elements.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<int> ReadCountAsync(int limit, CancellationToken cancellationToken)
    {
        ulong count = await ReadUInt64Async(cancellationToken);
        return count <= (ulong)limit
            ? (int)count
            : throw new WireException($"A list of {count} elements is longer than the {limit} allowed here.");
    }

    /// <summary>Reads a string as bytes.</summary>
    /// <param name="limit">The maximum number of bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<byte[]> ReadBytesAsync(int limit, CancellationToken cancellationToken) =>
        ReadDecodedAsync(limit, 0, static (bytes, _) => bytes.ToArray(), cancellationToken);

    /// <summary>Reads a string that must be UTF-8.</summary>
    /// <param name="limit">The maximum number of bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<string> ReadStringAsync(int limit, CancellationToken cancellationToken) =>
        ReadDecodedAsync(limit, 0, static (bytes, _) => DecodeStrictly(bytes), cancellationToken);

    /// <summary>Reads text for people: bytes that are not UTF-8 become U+FFFD, so it does not go back onto the wire unchanged.</summary>
    /// <param name="limit">The maximum number of bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<string> ReadTextAsync(int limit, CancellationToken cancellationToken) =>
        ReadDecodedAsync(limit, 0, static (bytes, _) => Encoding.UTF8.GetString(bytes), cancellationToken);

    /// <summary>Reads the bytes of a string and decodes them, without a string in between.</summary>
    /// <param name="limit">The maximum number of bytes.</param>
    /// <param name="state">Passed to the decoder.</param>
    /// <param name="decoder">Called once with all bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<T> ReadDecodedAsync<TState, T>(
        int limit, TState state, Decoder<TState, T> decoder, CancellationToken cancellationToken)
    {
        if (!HasWholeString(limit, out int length))
        {
            return WaitForStringAsync(limit, state, decoder, cancellationToken);
        }

        Take(sizeof(ulong));
        return new ValueTask<T>(TakeString(length, state, decoder));
    }

    /// <summary>Fills <paramref name="destination"/> with raw bytes.</summary>
    public async ValueTask ReadExactlyAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            destination = destination[await ReadAsync(destination, cancellationToken)..];
        }
    }

    /// <summary>Reads at least one raw byte and at most as many as fit. Returns 0 only for an empty destination.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (Buffered == 0 && destination.Length >= InputBuffer.Size)
        {
            return await _input.ReadDirectlyAsync(destination, cancellationToken);
        }

        ReadOnlyMemory<byte> available = destination.IsEmpty ? default : await PeekAsync(cancellationToken);
        int count = Math.Min(available.Length, destination.Length);
        available.Span[..count].CopyTo(destination.Span);
        Consume(count);
        return count;
    }

    /// <summary>Returns the raw bytes that have arrived, at least one, without consuming them. They are valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(CancellationToken cancellationToken)
    {
        await _input.RequireAsync(1, cancellationToken);
        return _input.Bytes;
    }

    /// <summary>Consumes raw bytes that <see cref="PeekAsync"/> has returned.</summary>
    public void Consume(int count) => _input.Consume(count);

    /// <summary>Returns the buffer to the pool. Bytes in it are lost.</summary>
    public void Dispose() => _input.Dispose();

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

    private async ValueTask<ulong> ReadUpToAsync(ulong largest, CancellationToken cancellationToken)
    {
        ulong value = await ReadUInt64Async(cancellationToken);
        return value <= largest ? value : throw new WireException($"The integer {value} is larger than the {largest} allowed here.");
    }

    /// <summary>
    /// Whether length, bytes and padding of an acceptable string have arrived: as nearly each has, and then it needs no state
    /// machine, which would take as long as the rest.
    /// </summary>
    private bool HasWholeString(int limit, out int length)
    {
        length = 0;
        if (Buffered < sizeof(ulong))
        {
            return false;
        }

        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(_input.Span);
        if (claimed > (ulong)limit)
        {
            return false;
        }

        length = (int)claimed;
        return sizeof(ulong) + (long)length + Padding.Of(length) <= Buffered;
    }

    private async ValueTask<T> WaitForStringAsync<TState, T>(
        int limit, TState state, Decoder<TState, T> decoder, CancellationToken cancellationToken)
    {
        ulong claimed = await ReadUInt64Async(cancellationToken);
        if (claimed > (ulong)limit)
        {
            throw new WireException($"A string of {claimed} bytes is longer than the {limit} allowed here.");
        }

        int length = (int)claimed;
        if (length <= InputBuffer.Size - sizeof(ulong))
        {
            await _input.RequireAsync(length + Padding.Of(length), cancellationToken);
            return TakeString(length, state, decoder);
        }

        byte[] bytes = await ReadLongAsync(length, cancellationToken);
        await _input.RequireAsync(Padding.Of(length), cancellationToken);
        TakePadding(Padding.Of(length));
        return Decode(bytes, state, decoder);
    }

    private async ValueTask<byte[]> ReadLongAsync(int length, CancellationToken cancellationToken)
    {
        Charge(length);

        // Memory grows only as bytes arrive, whatever length the peer claims.
        byte[] bytes = new byte[Math.Min(length, InputBuffer.Size)];
        int filled = 0;
        while (true)
        {
            await ReadExactlyAsync(bytes.AsMemory(filled), cancellationToken);
            filled = bytes.Length;
            if (filled == length)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(length, 2L * filled));
        }
    }

    private T TakeString<TState, T>(int length, TState state, Decoder<TState, T> decoder)
    {
        T value = Decode(_input.Span[..length], state, decoder);
        Take(length);
        TakePadding(Padding.Of(length));
        return value;
    }

    private void TakePadding(int padding)
    {
        if (_input.Span[..padding].ContainsAnyExcept((byte)0))
        {
            throw new WireException("The padding behind a string is not zero.");
        }

        Take(padding);
    }

    private ulong TakeUInt64()
    {
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(_input.Span);
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
}
