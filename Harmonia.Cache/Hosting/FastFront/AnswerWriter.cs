using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Harmonia.Cache.Http;
using Harmonia.Cache.Limits;
using Harmonia.Cache.Transport;
using Microsoft.AspNetCore.Connections;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>Answers requests of one connection, one after the other.</summary>
internal sealed class AnswerWriter(ConnectionContext connection, Shortcuts shortcuts, ShortPathObserver observer)
{
    private readonly PipeWriter _output = connection.Transport.Output;
    private uint _answered;

    /// <summary>Answers the request at the front of what has come; returns its length, or 0 if it is not for here.</summary>
    /// <param name="input">What has come.</param>
    /// <param name="sent">Ends when the client has the answer, or has gone: that shows when it is read from.</param>
    public int TryAnswer(ReadOnlySpan<byte> input, out ValueTask sent)
    {
        sent = ValueTask.CompletedTask;
        long began = Stopwatch.GetTimestamp();
        if (!RequestHead.TryRead(input, out RequestHead head) || !shortcuts.TryFind(head, out IShortcut? shortcut, out PreparedResponse? answer))
            return 0;
        ConcurrencyLimit? bodies = head.IsHead ? null : shortcut.Bodies;
        if (bodies?.TryTake() == false)
            return 0;
        observer.Began();
        ShortRequestId id = new(connection.ConnectionId, _answered++);
        shortcut.Count(answer, head.Path, id);
        int length = answer.LengthOf(!head.IsHead);
        answer.Write(_output.GetSpan(length), !head.IsHead, id);
        _output.Advance(length);
        TimeSpan untilHead = Stopwatch.GetElapsedTime(began);
        ValueTask<FlushResult> flush = _output.FlushAsync();

        bool isSent = flush.IsCompletedSuccessfully;
        AnsweredRequest request = new()
        {
            Path = shortcut.MetricPath,
            // Mostly nobody wants to know, and a string is a third of a microsecond.
            Target = !isSent || observer.IsLogged ? Encoding.ASCII.GetString(head.Path) : "",
            Method = head.IsHead ? HttpMethods.Head : HttpMethods.Get,
            Status = answer.Status,
            BodyLength = head.IsHead ? 0 : answer.BodyLength,
            Id = id,
            Began = began,
            UntilHead = untilHead,
        };
        if (isSent)
            End(request, bodies);
        else
            sent = WaitAsync(flush, length, request, bodies);
        return head.Length;
    }

    private async ValueTask WaitAsync(ValueTask<FlushResult> flush, int length, AnsweredRequest request, ConcurrencyLimit? bodies)
    {
        try
        {
            await observer.WatchAsync(connection, flush, length, request);
        }
        finally
        {
            End(request, bodies);
        }
    }

    private void End(in AnsweredRequest request, ConcurrencyLimit? bodies)
    {
        bodies?.Release();
        observer.Ended(connection, request);
    }
}
