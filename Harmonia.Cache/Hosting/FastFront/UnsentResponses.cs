namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>
/// Counts the responses that still go out over connections that Kestrel does not have, and for which it does not wait when it stops.
/// Thread-safe.
/// </summary>
internal sealed class UnsentResponses
{
    private readonly TaskCompletionSource _allSent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One is the server's own, until it stops.
    private int _count = 1;

    /// <summary>A client does not take its response at once; <see cref="End"/> must follow.</summary>
    public void Begin() => Interlocked.Increment(ref _count);

    /// <summary>The response is sent, or its client is gone.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            _allSent.TrySetResult();
    }

    /// <summary>Waits until all are sent, or until the token is canceled. Called once, when no request is accepted any more.</summary>
    public async Task WhenSentAsync(CancellationToken cancellationToken)
    {
        End();
        await _allSent.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
