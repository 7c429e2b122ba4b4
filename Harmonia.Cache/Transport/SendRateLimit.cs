using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;

namespace Harmonia.Cache.Transport;

/// <summary>
/// Ends the connections of clients that hardly read. Each piece of a response gets five minutes plus its time at the lowest rate, and so
/// does each 256 KiB of a file that is sent in larger pieces; Nix gives up after five minutes without a byte. Kestrel's own limit would count
/// in a client's favour what it read faster before, and so keep a client that stops reading after a GB for weeks.
/// </summary>
/// <param name="minBytesPerSecond">0 for no limit.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Gets a message for each connection that is ended.</param>
public sealed class SendRateLimit(int minBytesPerSecond, TimeProvider time, ILogger<SendRateLimit> logger)
{
    private const long FilePart = 256 * 1024;

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>Watches a piece until it is sent.</summary>
    /// <param name="request">Its connection ends if the client is too slow.</param>
    /// <param name="flush">Ends when the client has taken most of the piece.</param>
    /// <param name="bytes">The size of the piece.</param>
    /// <param name="output">Tells how much of the piece is still to be sent; null if only the end of the flush tells.</param>
    public ValueTask<FlushResult> WatchAsync(CacheRequest request, ValueTask<FlushResult> flush, long bytes, SocketOutput? output) =>
        minBytesPerSecond == 0 || flush.IsCompleted ? flush : WatchPendingAsync(request, flush, bytes, output);

    private async ValueTask<FlushResult> WatchPendingAsync(CacheRequest request, ValueTask<FlushResult> flush, long bytes, SocketOutput? output)
    {
        long part = output is null ? bytes : Math.Min(bytes, FilePart);
        TimeSpan limit = Grace + TimeSpan.FromSeconds((double)part / minBytesPerSecond);
        long left = bytes;
        await using ITimer timer = time.CreateTimer(_ => CutUnlessTaken(), null, limit, limit);
        return await flush;

        void CutUnlessTaken()
        {
            long still = output?.UnflushedBytes ?? bytes;
            if (left - still < part)
            {
                logger.ClientTooSlow(request.Target, request.Id);
                request.Abort();
            }

            left = still;
        }
    }
}
