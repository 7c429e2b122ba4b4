using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>
/// The input of a connection, in front of Kestrel. When Kestrel waits for the next request, having answered all before it, this reads
/// for it: requests with a finished answer are answered here, and the first other bytes are Kestrel's, from the first one on. Nothing
/// is kept here, so that Kestrel's limits and timeouts hold for all it gets. What is answered here is answered on the thread that
/// polled the socket; Kestrel goes on on another, since it may block.
/// </summary>
/// <param name="input">The input that this one takes the place of.</param>
/// <param name="answers">Answers; null leaves all requests to Kestrel.</param>
internal sealed class ShortPathReader(PipeReader input, AnswerWriter? answers) : PipeReader
{
    // A client that sends as fast as it can must not have a polling thread for itself.
    private const int MaxInSuccession = 64;

    // Kestrel counts the time that it waits, and closes an idle connection after 130 s. So it must see a request now and then.
    private const long MaxMillisecondsAwayFromKestrel = 10_000;

    // Only a request tells that Kestrel is between two: what it reads at other times is the rest of a head, or a body.
    private bool _isBetweenRequests = true;

    /// <summary>
    /// Tells that Kestrel has read a request to its end, body included. It reads on when it has sent the answer, and not before.
    /// </summary>
    public void ExpectRequest() => _isBetweenRequests = true;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_isBetweenRequests && answers is not null)
        {
            _isBetweenRequests = false;
            return ReadForKestrelAsync(answers, cancellationToken);
        }

        ValueTask<ReadResult> read = input.ReadAsync(cancellationToken);
        return read.IsCompleted ? read : WaitAsync(read);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        _isBetweenRequests = false;
        return input.TryRead(out result);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => input.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => input.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public override void CancelPendingRead() => input.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => input.Complete(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> read)
    {
        try
        {
            return await read;
        }
        finally
        {
            await PoolThread.SwitchAsync();
        }
    }

    // One state machine for all requests until Kestrel gets one.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadForKestrelAsync(AnswerWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            long began = Environment.TickCount64;
            for (int answered = 1; ; answered++)
            {
                ReadResult result = await input.ReadAsync(cancellationToken);
                if (result.IsCanceled || result.IsCompleted || Environment.TickCount64 - began > MaxMillisecondsAwayFromKestrel)
                    return result;
                int read = writer.TryAnswer(result.Buffer.FirstSpan, out ValueTask sent);
                if (read == 0)
                    return result;
                input.AdvanceTo(result.Buffer.GetPosition(read));
                await sent;
                if (answered % MaxInSuccession == 0)
                    await PoolThread.SwitchAsync();
            }
        }
        finally
        {
            await PoolThread.SwitchAsync();
        }
    }
}
