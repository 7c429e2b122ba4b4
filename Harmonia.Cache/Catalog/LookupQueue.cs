using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Lets lookups that wait at the same time share an exchange with the daemon: while one is under way, those that come wait, and go
/// together in the next. A lookup that comes alone never waits. Any thread may ask. With 32 clients this halves the processor time of
/// both processes: 25 instead of 55 µs for a narinfo that the store lacks, 140 instead of 220 µs for one that has to be signed.
/// </summary>
/// <param name="ask">Asks the daemon for several hash parts at once; gives an answer for each, in their order.</param>
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
                // One of them is the reason, and the others need not suffer for it.
                foreach (Waiter waiter in batch)
                    await TryAnswerAsync([waiter]);
            }
        }
    }

    /// <summary>False if the daemon said no to several, and nobody has been told anything.</summary>
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

    /// <summary>The lookups of the next exchange; without any the queue is idle.</summary>
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
