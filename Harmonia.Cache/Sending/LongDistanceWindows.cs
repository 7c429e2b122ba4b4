using System.Numerics;
using Harmonia.Cache.Limits;

namespace Harmonia.Cache.Sending;

/// <summary>
/// Shares the memory for long distance matching among encoders. An encoder gets the configured window, or a smaller one that takes at most half
/// of the memory left, so that some is left for the next encoder. Any thread may use it.
/// </summary>
/// <param name="maxLarge">How many large bodies may have a window at once; 0 for no limit.</param>
/// <param name="memory">How many bytes all windows may take together; 0 for no limit.</param>
internal sealed class LongDistanceWindows(long maxLarge, long memory)
{
    // At level 1, 80 MB of binaries became 31.5 MB with 32 MiB, 31.8 MB with 4 MiB, and 34.2 MB without long distance matching.
    private const int SmallestLog = 22;

    // zstd: lib/zstd.h, ZSTD_WINDOWLOG_MIN
    private const int MinLog = 10;

    // As in harmonia (Rust). The window of a smaller body is at most as large as the body.
    private const long LargeBody = 1L << SmallestLog;

    private readonly Lock _lock = new();
    private readonly ConcurrencyLimit _places = new(maxLarge);
    private long _left = memory == 0 ? long.MaxValue : memory;

    /// <summary>Takes a window; null if the body must be compressed without one.</summary>
    /// <param name="maxLog">The largest window allowed, as a power of two.</param>
    /// <param name="size">The size of the body; null if it is not known.</param>
    public LongDistanceWindow? TryTake(int maxLog, long? size)
    {
        bool isLarge = size is not < LargeBody;
        if (isLarge && !_places.TryTake())
            return null;
        // zstd makes no window larger than the body.
        int log = Math.Min(maxLog, LogOf(size ?? long.MaxValue));
        int smallest = Math.Min(log, SmallestLog);
        lock (_lock)
        {
            for (; log >= smallest; log--)
            {
                LongDistanceWindow window = new(log, isLarge);
                if (window.Memory <= _left / 2)
                {
                    _left -= window.Memory;
                    return window;
                }
            }
        }

        if (isLarge)
            _places.Release();
        return null;
    }

    /// <summary>Gives a window back.</summary>
    public void Return(LongDistanceWindow window)
    {
        lock (_lock)
            _left += window.Memory;
        if (window.HasPlace)
            _places.Release();
    }

    // The smallest power of two that is not below the size and that zstd accepts.
    private static int LogOf(long size) => Math.Max(MinLog, BitOperations.Log2((ulong)Math.Max(1, size - 1)) + 1);
}
