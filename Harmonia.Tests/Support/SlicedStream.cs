namespace Harmonia.Tests.Support;

/// <summary>Hands out bytes a few at a time, as a slow connection does, and remembers how much each read had room for.</summary>
public sealed class SlicedStream(byte[] bytes, int slice) : MemoryStream(bytes)
{
    public List<int> Reads { get; } = [];

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Reads.Add(buffer.Length);
        return base.ReadAsync(buffer[..Math.Min(slice, buffer.Length)], cancellationToken);
    }
}
