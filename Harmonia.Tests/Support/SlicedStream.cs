namespace Harmonia.Tests.Support;

/// <summary>Returns a few bytes at a time, like a slow connection, and records the size of each read.</summary>
public sealed class SlicedStream(byte[] bytes, int slice) : MemoryStream(bytes)
{
    public List<int> Reads { get; } = [];

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Reads.Add(buffer.Length);
        return base.ReadAsync(buffer[..Math.Min(slice, buffer.Length)], cancellationToken);
    }
}
