using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Harmonia.Cache.Transport;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>
/// The input of a connection, in front of Kestrel. While Kestrel waits for the next request, this reads the input and responds to the
/// requests whose responses are in memory. The first request of another kind goes to Kestrel, from its first byte on. No byte is kept
/// here, so Kestrel's limits and timeouts hold for all that it gets. The fast front responds on the thread that polled the socket; Kestrel
/// continues on another one, since it may block.
/// </summary>
/// <param name="input">The input of the connection.</param>
/// <param name="respond">Responds; null leaves all requests to Kestrel.</param>
internal sealed class FastFrontReader(PipeReader input, FastFrontReader.Responder? respond) : PipeReader
{
    /// <summary>Responds to the request at the front of the input; returns the length of its head, or 0 if it is Kestrel's.</summary>
    /// <param name="input">What the client has sent.</param>
    /// <param name="sent">Ends when the response has been sent.</param>
    public delegate int Responder(ReadOnlyMemory<byte> input, out ValueTask sent);

    // A client that sends as fast as it can must not keep a polling thread busy alone.
    private const int MaxInSuccession = 64;

    // Kestrel counts the time that it waits, and closes an idle connection after 130 s. So it must see a request now and then.
    private const long MaxMillisecondsAwayFromKestrel = 10_000;

    // Only a request that Kestrel has read tells that it is between two requests. At other times it reads the rest of a head, or a body.
    private bool _isBetweenRequests = true;

    /// <summary>
    /// Notes that Kestrel has read a request to its end, body included. It reads again when it has sent the response, and not before.
    /// </summary>
    public void ExpectRequest() => _isBetweenRequests = true;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_isBetweenRequests && respond is not null)
        {
            _isBetweenRequests = false;
            return PoolThread.AfterAsync(ReadForKestrelAsync(respond, cancellationToken));
        }

        ValueTask<ReadResult> read = input.ReadAsync(cancellationToken);
        return read.IsCompleted ? read : PoolThread.AfterAsync(read);
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

    // One state machine for all requests until Kestrel gets one.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadForKestrelAsync(Responder responder, CancellationToken cancellationToken)
    {
        long began = Environment.TickCount64;
        for (int answered = 1; ; answered++)
        {
            ReadResult result = await input.ReadAsync(cancellationToken);
            if (result.IsCanceled || result.IsCompleted || Environment.TickCount64 - began > MaxMillisecondsAwayFromKestrel)
                return result;
            int read = responder(result.Buffer.First, out ValueTask sent);
            if (read == 0)
                return result;
            input.AdvanceTo(result.Buffer.GetPosition(read));
            await sent;
            if (answered % MaxInSuccession == 0)
                await PoolThread.SwitchAsync();
        }
    }
}
