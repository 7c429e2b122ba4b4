using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using Harmonia.Cache.Metrics;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>Does for requests on the short path what <see cref="RequestObserver"/> does for the others.</summary>
public sealed class ShortPathObserver(CacheMetrics metrics, CacheStatistics statistics, AccessLog accessLog, SendRateLimit sendRate)
{
    /// <summary>Whether each request is logged.</summary>
    internal bool IsLogged => accessLog.IsEnabled;

    /// <summary>A request has come; <see cref="Ended"/> must follow.</summary>
    internal void Began() => metrics.Http.Began();

    /// <summary>Its answer is out, or the client is gone.</summary>
    internal void Ended(ConnectionContext connection, in AnsweredRequest request)
    {
        TimeSpan untilEnd = Stopwatch.GetElapsedTime(request.Began);
        metrics.Http.Ended(request.Path, request.Method, request.Status, request.UntilHead, untilEnd, request.BodyLength);
        statistics.RequestEnded(request.BodyLength);
        if (IsLogged)
        {
            accessLog.Write(
                request.Method, request.Target, request.Status, request.BodyLength, untilEnd,
                (connection.RemoteEndPoint as IPEndPoint)?.Address, request.Id.ToString());
        }
    }

    /// <summary>Watches until an answer is out.</summary>
    internal ValueTask<FlushResult> WatchAsync(
        ConnectionContext connection, ValueTask<FlushResult> flush, long bytes, AnsweredRequest request) =>
        sendRate.WatchAsync(connection, request.Target, request.Id.ToString(), flush, bytes);
}
