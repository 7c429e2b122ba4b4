namespace Harmonia.Cache.Sending;

/// <summary>What an encoder has of <see cref="LongDistanceWindows"/>.</summary>
/// <param name="Log">Its window as a power of two.</param>
/// <param name="HasPlace">Whether it takes one of the places for large bodies.</param>
internal readonly record struct LongDistanceWindow(int Log, bool HasPlace)
{
    /// <summary>What it takes in bytes. Beside the window zstd has a table of eight bytes for each 128 of it.</summary>
    public long Memory => (1L << Log) / 16 * 17;
}
