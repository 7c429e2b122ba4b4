namespace Harmonia.Cache.Sending;

/// <summary>The share of one encoder in <see cref="LongDistanceWindows"/>.</summary>
/// <param name="Log">The window as a power of two.</param>
/// <param name="HasPlace">Whether the encoder takes one of the places for large bodies.</param>
internal readonly record struct LongDistanceWindow(int Log, bool HasPlace)
{
    /// <summary>The memory in bytes. Besides the window, zstd has a table with eight bytes for each 128 bytes of the window.</summary>
    public long Memory => (1L << Log) / 16 * 17;
}
