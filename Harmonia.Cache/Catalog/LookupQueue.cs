using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Batches concurrent lookups: while one exchange with the daemon is in progress, new lookups wait, and the next exchange takes all of
/// them. A single lookup never waits. Thread-safe. With 32 clients this halves the CPU time of both processes: 25 instead of 55 µs for
/// a narinfo that the store lacks, 140 instead of 220 µs for one that has to be signed.
/// </summary>
/// <param name="ask">Asks the daemon for several hash parts at once; returns an answer for each, in the same order.</param>
internal sealed class LookupQueue(Func<IReadOnlyList<StorePathHash>, Task<IReadOnlyList<ValidPathInfo?>>> ask)
{
    private readonly Lock _lock = new();
    private List<Waiter> _waiting = [];
    private bool _isBusy;

    /// <summary>The valid path with this hash part, or null. Fails as the exchange does.</summary>
    public Task<ValidPathInfo?> FindAsync(StorePathHash hash)
    {
        Waiter waiter = new(hash);
        lock (_lock)
        {
            _waiting.Add(waiter);
            if (_isBusy)
                return waiter.Answer.Task;
            _isBusy = true;
        }

        _ = RunAsync();
        return waiter.Answer.Task;
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            if (!await TryAnswerAsync(batch))
            {
                // One lookup caused the failure; the others get their own answers.
                foreach (Waiter waiter in batch)
                    await TryAnswerAsync([waiter]);
            }
        }
    }

    /// <summary>False if the daemon refused a batch of several; no lookup has an answer then.</summary>
    private async Task<bool> TryAnswerAsync(List<Waiter> batch)
    {
        try
        {
            IReadOnlyList<ValidPathInfo?> answers = await ask([.. batch.Select(waiter => waiter.Hash)]);
            for (int i = 0; i < batch.Count; i++)
                batch[i].Answer.SetResult(answers[i]);
        }
        catch (RemoteErrorException) when (batch.Count > 1)
        {
            return false;
        }
        catch (Exception exception)
        {
            foreach (Waiter waiter in batch)
                waiter.Answer.SetException(exception);
        }

        return true;
    }

    /// <summary>The lookups of the next exchange; if there are none, the queue is idle.</summary>
    private List<Waiter> Take()
    {
        lock (_lock)
        {
            List<Waiter> batch = _waiting;
            if (batch.Count <= DaemonClient.MaxHashParts)
            {
                _waiting = [];
            }
            else
            {
                _waiting = batch[DaemonClient.MaxHashParts..];
                batch = batch[..DaemonClient.MaxHashParts];
            }

            _isBusy = batch.Count > 0;
            return batch;
        }
    }

    private sealed class Waiter(StorePathHash hash)
    {
        public StorePathHash Hash => hash;

        public TaskCompletionSource<ValidPathInfo?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
