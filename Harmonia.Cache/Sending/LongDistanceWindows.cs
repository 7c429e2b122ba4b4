using System.Numerics;
using Harmonia.Cache.Limits;

namespace Harmonia.Cache.Sending;

/// <summary>
/// Gives the memory for long distance matching out to encoders: to each the window that is configured, as long as that is no more than
/// half of what is left, else a smaller one, so that something is left for who comes next. Any thread may ask.
/// </summary>
/// <param name="maxLarge">How many large bodies may have a window at once; 0 for any number.</param>
/// <param name="memory">Bytes of all windows together; 0 for any number.</param>
internal sealed class LongDistanceWindows(long maxLarge, long memory)
{
    // 400 MB of binaries became 135 MB with 32 MiB at level 1, 140 MB with 4 MiB, and 151 MB without long distance matching.
    private const int SmallestLog = 22;

    // zstd: lib/zstd.h, ZSTD_WINDOWLOG_MIN
    private const int MinLog = 10;

    // As in harmonia (Rust): smaller bodies have no more than a window of their own size.
    private const long LargeBody = 1L << SmallestLog;

    private readonly Lock _lock = new();
    private readonly ConcurrencyLimit _places = new(maxLarge);
    private long _left = memory == 0 ? long.MaxValue : memory;

    /// <summary>Takes a window; null when the body is better compressed without.</summary>
    /// <param name="maxLog">The largest it may be, as a power of two.</param>
    /// <param name="size">Of the body; null if nobody knows.</param>
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

    // The least power of two that is not below the size, and that zstd takes.
    private static int LogOf(long size) => Math.Max(MinLog, BitOperations.Log2((ulong)Math.Max(1, size - 1)) + 1);
}
