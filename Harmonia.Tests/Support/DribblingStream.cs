namespace Harmonia.Tests.Support;

/// <summary>Passes written bytes on in small pieces, with other work in between, so the reader sees incomplete messages.</summary>
public sealed class DribblingStream(Stream target, Random random) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            int piece = Math.Min(buffer.Length, random.Next(1, 40));
            await target.WriteAsync(buffer[..piece], cancellationToken);
            buffer = buffer[piece..];
            for (int turns = random.Next(4); turns > 0; turns--)
                await Task.Yield();
        }
    }

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
