using System.IO.Pipelines;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Transport;

/// <summary>
/// Cuts clients off that hardly take their answer. Each piece of it gets five minutes and what the lowest rate needs, and so does each
/// 256 KiB of a file that goes out in larger ones; Nix gives up after five minutes without a byte. Kestrel's own limit would count in a client's favour what it took faster before, and so keep one
/// that stops reading after a GB for weeks.
/// </summary>
/// <param name="minBytesPerSecond">0 for no limit.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told of everybody who is cut off.</param>
public sealed class SendRateLimit(int minBytesPerSecond, TimeProvider time, ILogger<SendRateLimit> logger)
{
    private const long FilePart = 256 * 1024;

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>Watches until a piece is out.</summary>
    /// <param name="context">Its request, which ends if the client is too slow.</param>
    /// <param name="flush">Ends when the client has taken most of the piece.</param>
    /// <param name="bytes">The size of the piece.</param>
    public ValueTask<FlushResult> WatchAsync(HttpContext context, ValueTask<FlushResult> flush, long bytes) =>
        minBytesPerSecond == 0 || flush.IsCompleted ? flush : WatchPendingAsync(context, flush, bytes);

    /// <summary>Watches until a piece of an answer that no <see cref="HttpContext"/> is of is out.</summary>
    /// <param name="connection">Ends if the client is too slow.</param>
    /// <param name="target">What was asked for.</param>
    /// <param name="requestId">The request's id.</param>
    /// <param name="flush">Ends when the client has taken most of the piece.</param>
    /// <param name="bytes">The size of the piece.</param>
    public ValueTask<FlushResult> WatchAsync(
        ConnectionContext connection, string target, string requestId, ValueTask<FlushResult> flush, long bytes) =>
        minBytesPerSecond == 0 || flush.IsCompleted ? flush : WatchPendingAsync(connection, target, requestId, flush, bytes);

    // The methods above must not be those that capture: they would allocate for each piece that is out at once.
    private ValueTask<FlushResult> WatchPendingAsync(HttpContext context, ValueTask<FlushResult> flush, long bytes) =>
        WatchPendingAsync(flush, bytes, context.Features.Get<SocketOutput>(), () =>
        {
            logger.ClientTooSlow(RequestTarget.TextOf(context), context.TraceIdentifier);
            context.Abort();
        });

    private ValueTask<FlushResult> WatchPendingAsync(
        ConnectionContext connection, string target, string requestId, ValueTask<FlushResult> flush, long bytes) =>
        WatchPendingAsync(flush, bytes, output: null, () =>
        {
            logger.ClientTooSlow(target, requestId);
            connection.Abort(new ConnectionAbortedException("The client is too slow."));
        });

    private async ValueTask<FlushResult> WatchPendingAsync(ValueTask<FlushResult> flush, long bytes, SocketOutput? output, Action cut)
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
                cut();
            left = still;
        }
    }
}
