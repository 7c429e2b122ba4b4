using System.Buffers;

namespace Harmonia.Cache.Sending;

/// <summary>
/// The output of an encoder: counts the bytes and passes them on. It is a stream because the encoders of .NET need one. After
/// <see cref="Cut"/> it drops all bytes, because those encoders write an end even to a body that failed.
/// </summary>
internal sealed class EncoderOutput(IBufferWriter<byte> target) : Stream
{
    private bool _isCut;

    /// <summary>How many bytes were passed on.</summary>
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

    /// <summary>Returns room for at least this many bytes.</summary>
    public Span<byte> GetSpan(int size) => target.GetSpan(size);

    /// <summary>Passes on the first bytes of that room.</summary>
    public void Advance(int bytes)
    {
        target.Advance(bytes);
        Count += bytes;
    }

    /// <summary>Drops all bytes from now on.</summary>
    public void Cut() => _isCut = true;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isCut)
            return;
        Count += buffer.Length;
        while (!buffer.IsEmpty)
        {
            // Before the response head is sent, Kestrel may return an empty span for a size of 0.
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
