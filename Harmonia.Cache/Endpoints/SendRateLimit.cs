using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Harmonia.Cache.Observability;

namespace Harmonia.Cache.Endpoints;

/// <summary>
/// Cuts clients off that hardly take their answer. Each piece of it gets five minutes and what the lowest rate needs; Nix gives up
/// after five minutes without a byte. Kestrel's own limit would count in a client's favour what it took faster before, and so keep one
/// that stops reading after a GB for weeks.
/// </summary>
/// <param name="minBytesPerSecond">0 for no limit.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told of everybody who is cut off.</param>
public sealed class SendRateLimit(int minBytesPerSecond, TimeProvider time, ILogger<SendRateLimit> logger)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>Watches until a piece is out.</summary>
    /// <param name="context">Its request, which ends if the client is too slow.</param>
    /// <param name="flush">Ends when the client has taken most of the piece.</param>
    /// <param name="bytes">The size of the piece.</param>
    public ValueTask<FlushResult> WatchAsync(HttpContext context, ValueTask<FlushResult> flush, long bytes) =>
        minBytesPerSecond == 0 || flush.IsCompleted ? flush : WatchPendingAsync(context, flush, bytes);

    private async ValueTask<FlushResult> WatchPendingAsync(HttpContext context, ValueTask<FlushResult> flush, long bytes)
    {
        TimeSpan limit = Grace + TimeSpan.FromSeconds((double)bytes / minBytesPerSecond);
        await using ITimer timer = time.CreateTimer(_ => Cut(context), null, limit, Timeout.InfiniteTimeSpan);
        return await flush;
    }

    private void Cut(HttpContext context)
    {
        logger.ClientTooSlow(RequestTarget.TextOf(context), context.TraceIdentifier);
        context.Abort();
    }
}
