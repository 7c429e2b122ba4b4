using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Wire;

/// <summary>
/// The data that a client uploads after a request, as a stream that ends with the upload. Reads are asynchronous only. Dispose does nothing:
/// a caller that stops early calls <see cref="DrainAsync"/>, which may have to wait.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "Named like the reader it sits on.")]
public abstract class UploadReader : Stream
{
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
    /// <exception cref="WireException">The connection ended, or the bytes are not an upload of this kind.</exception>
    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Reads and discards the rest of the upload. The connection is in step afterwards.</summary>
    /// <exception cref="WireException">The connection ended, or the bytes are not an upload of this kind.</exception>
    public abstract ValueTask DrainAsync(CancellationToken cancellationToken);

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
}
