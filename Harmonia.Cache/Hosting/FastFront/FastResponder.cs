using System.Diagnostics;
using System.IO.Pipelines;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>Responds to requests of one connection, one after the other.</summary>
internal sealed class FastResponder(ConnectionContext connection, Router router, RequestObserver observer, SendRateLimit sendRate)
{
    private readonly PipeWriter _output = connection.Transport.Output;
    private readonly FastRequest _request = new(
        connection.ConnectionId, () => connection.RemoteEndPoint, () => connection.Abort(new ConnectionAbortedException("The cache ends the connection.")));

    /// <summary>Responds to the request at the front of the input; returns the length of its head, or 0 if it is Kestrel's.</summary>
    /// <param name="input">What the client has sent.</param>
    /// <param name="sent">Ends when the response has been sent. If the client is gone, reading from the connection shows it.</param>
    public int TryRespond(ReadOnlyMemory<byte> input, out ValueTask sent)
    {
        sent = ValueTask.CompletedTask;
        long began = Stopwatch.GetTimestamp();
        if (!RequestHead.TryRead(input.Span, out RequestHead head) || head.IsLast || !router.MayRespond(head))
            return 0;
        _request.Begin(input, head);
        if (router.TryRespond(_request, out ConcurrencyLimit? limit) is { } response)
        {
            observer.Begin();
            sent = SendAsync(response, began, limit);
            return head.Length;
        }

        if (!Router.RespondsLater(_request))
            return 0;
        observer.Begin();
        _request.Keep();
        sent = SendAsync(router.RespondAsync(_request), began);
        return head.Length;
    }

    private async ValueTask SendAsync(Task<PreparedResponse> pending, long began) => await SendAsync(await pending, began, limit: null);

    private ValueTask SendAsync(PreparedResponse response, long began, ConcurrencyLimit? limit)
    {
        bool hasBody = _request.Headers.IsGet;
        int length = response.LengthOf(hasBody, isLast: false);
        response.Write(_output.GetSpan(length), hasBody, _request, isLast: false);
        _output.Advance(length);
        TimeSpan untilHead = Stopwatch.GetElapsedTime(began);
        ValueTask<FlushResult> flush = _output.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            End(response, began, untilHead, limit);
            return ValueTask.CompletedTask;
        }

        _request.Keep();
        return WaitAsync(flush, length, response, began, untilHead, limit);
    }

    private async ValueTask WaitAsync(
        ValueTask<FlushResult> flush, int length, PreparedResponse response, long began, TimeSpan untilHead, ConcurrencyLimit? limit)
    {
        try
        {
            await sendRate.WatchAsync(_request, flush, length, output: null);
        }
        finally
        {
            End(response, began, untilHead, limit);
        }
    }

    private void End(PreparedResponse response, long began, TimeSpan untilHead, ConcurrencyLimit? limit)
    {
        limit?.Release();
        int bodyLength = _request.Headers.IsGet ? response.BodyLength : 0;
        observer.End(_request, response.Status, bodyLength, untilHead, Stopwatch.GetElapsedTime(began));
        _request.End();
    }
}
