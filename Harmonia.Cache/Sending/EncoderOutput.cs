using System.Buffers;

namespace Harmonia.Cache.Sending;

/// <summary>
/// Where an encoder writes: counts the bytes and passes them on. A stream because the encoders of .NET want one; after
/// <see cref="Cut"/> it drops what comes, since those write an end even to a body that has none.
/// </summary>
internal sealed class EncoderOutput(IBufferWriter<byte> target) : Stream
{
    private bool _isCut;

    /// <summary>Bytes passed on.</summary>
    public long Count { get; private set; }

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

    /// <summary>Room for at least this many bytes.</summary>
    public Span<byte> GetSpan(int size) => target.GetSpan(size);

    /// <summary>Bytes of that room are filled.</summary>
    public void Advance(int bytes)
    {
        target.Advance(bytes);
        Count += bytes;
    }

    /// <summary>Nothing more is passed on.</summary>
    public void Cut() => _isCut = true;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isCut)
            return;
        Count += buffer.Length;
        while (!buffer.IsEmpty)
        {
            // Kestrel has no room for those who ask for none in particular, when what it keeps before the head goes out is full.
            Span<byte> room = target.GetSpan(1);
            int length = Math.Min(room.Length, buffer.Length);
            buffer[..length].CopyTo(room);
            target.Advance(length);
            buffer = buffer[length..];
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
