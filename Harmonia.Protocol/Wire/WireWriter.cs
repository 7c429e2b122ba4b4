using System.Buffers;
using System.Buffers.Binary;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Protocol.Wire;

/// <summary>
/// Writes the worker protocol's primitives: synchronously into a pooled buffer that grows, and to the stream only in
/// <see cref="FlushAsync"/>, which is called where a request or reply is complete.
/// </summary>
/// <remarks>
/// Nix: src/libutil/serialise.cc. Does not own the stream. Not thread-safe. Nothing is ever written to the stream but by a flush that
/// was asked for, so an exception while a message is built leaves the peer unaware of it: the owner then either calls
/// <see cref="Discard"/> and writes something else, or closes the connection. After a flush that failed or was cancelled nobody knows
/// how much the peer got: the connection must be closed, and the writer refuses further flushes. <see cref="Dispose"/> gives the
/// buffer back and writes nothing.
/// </remarks>
public sealed class WireWriter(Stream stream) : IBufferWriter<byte>, IDisposable
{
    private const int LargeThreshold = 64 << 10;
    private const int MinBufferSize = 4 << 10;

    private byte[] _buffer = [];
    private int _length;
    private bool _broken;

    /// <summary>Writes an integer: 8 bytes, little endian. Enumerations, counts, sizes and times are written like this too.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);

    /// <summary>Writes the integer 1 for true and 0 for false.</summary>
    public void WriteBool(bool value) => WriteUInt64(value ? 1UL : 0UL);

    /// <summary>Writes a text as a string in UTF-8.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate.</exception>
    public void WriteString(ReadOnlySpan<char> text) => StrictUtf8.Encoding.GetBytes(text, ReserveString(StrictUtf8.Encoding.GetByteCount(text)));

    /// <summary>Writes bytes as a string: their number, the bytes, and zeros up to a multiple of 8.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(ReserveString(bytes.Length));

    /// <summary>
    /// Writes the length and the padding of a string, and returns the span for its bytes. The caller fills it.
    /// </summary>
    public Span<byte> ReserveString(int byteCount)
    {
        int padding = Padding.Of(byteCount);
        Span<byte> place = Reserve(checked(sizeof(ulong) + byteCount + padding));
        BinaryPrimitives.WriteUInt64LittleEndian(place, (ulong)byteCount);
        place[^padding..].Clear();
        return place.Slice(sizeof(ulong), byteCount);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _length);
        _length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Sends everything that was written, and gives the buffer back to the pool.</summary>
    /// <exception cref="IOException">The peer is gone, or an earlier flush failed.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_broken)
        {
            throw new IOException("An earlier write to this connection failed half-way, nothing more can be sent.");
        }

        if (_length > 0)
        {
            _broken = true;
            await stream.WriteAsync(_buffer.AsMemory(0, _length), cancellationToken);
            Discard();
            _broken = false;
        }

        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>Sends what was written once it is more than 64 KiB: called between the elements of a reply without a bound.</summary>
    /// <exception cref="IOException">The peer is gone, or an earlier flush failed.</exception>
    public ValueTask FlushIfLargeAsync(CancellationToken cancellationToken) =>
        _length > LargeThreshold ? FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Drops everything since the last flush.</summary>
    public void Discard()
    {
        _length = 0;
        ReturnBuffer();
    }

    /// <summary>Gives the buffer back, and drops what was not flushed.</summary>
    public void Dispose() => Discard();

    private Span<byte> Reserve(int count)
    {
        EnsureRoom(count);
        Span<byte> place = _buffer.AsSpan(_length, count);
        _length += count;
        return place;
    }

    private void EnsureRoom(int count)
    {
        int needed = checked(_length + count);
        if (needed <= _buffer.Length)
        {
            return;
        }

        byte[] larger =
            ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, MinBufferSize), (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ReturnBuffer();
        _buffer = larger;
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
