using System.Diagnostics.CodeAnalysis;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// An upload without frames, as a stream: the NAR that is next on the connection, of which only itself tells the end. So did clients
/// before 1.21, and before 1.25 with AddToStore. Reads are asynchronous only; disposing does nothing.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "Named like the other readers.")]
internal sealed class InlineNarReader(WireReader reader) : Stream
{
    private readonly NarParser _parser = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="WireException">The connection ended, or this is no NAR: then nobody knows where the request ends.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_parser.IsComplete || buffer.IsEmpty)
        {
            return 0;
        }

        ReadOnlyMemory<byte> available = await reader.PeekAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            int length = _parser.Consume(available.Span[..Math.Min(available.Length, buffer.Length)]);
            available.Span[..length].CopyTo(buffer.Span);
            reader.Consume(length);
            return length;
        }
        catch (NarFormatException exception)
        {
            throw new WireException(exception.Message, exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
