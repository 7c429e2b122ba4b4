using System.Threading.Tasks.Sources;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Cache.Catalog;

/// <summary>
/// Batches concurrent lookups: while one exchange with the daemon is in progress, new lookups wait, and the next exchange takes all of
/// them. Thread-safe. With 32 clients this halves the CPU time of both processes: 25 instead of 55 µs for a narinfo that the store lacks,
/// 140 instead of 220 µs for one that has to be signed.
/// </summary>
/// <param name="ask">Asks the daemon for several hash parts at once; returns an answer for each, in the same order.</param>
internal sealed class LookupQueue(Func<IReadOnlyList<StorePathHash>, Task<IReadOnlyList<ValidPathInfo?>>> ask)
{
    // So that one that waits for a disk does not hold up the others.
    private const int MinThreads = 2;

    private readonly Lock _lock = new();
    private List<Waiter> _waiting = [];
    private bool _isBusy;
    private bool _wasShared;

    /// <summary>The valid path with this hash part, or null. Fails as the exchange does. The result can be awaited once.</summary>
    public ValueTask<ValidPathInfo?> FindAsync(StorePathHash hash)
    {
        Waiter waiter = new(hash);
        lock (_lock)
        {
            _waiting.Add(waiter);
            if (_isBusy)
                return waiter.Answer;
            _isBusy = true;
        }

        // If others came with the last lookups, they will with this one: whoever sent the requests waited for the same answer. A single
        // client's lookup waits for nothing.
        if (Volatile.Read(ref _wasShared))
            ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.RunAsync(), this, preferLocal: false);
        else
            _ = RunAsync();
        return waiter.Answer;
    }

    private async Task RunAsync()
    {
        List<Waiter> batch = Take();
        Task<IReadOnlyList<ValidPathInfo?>> exchange = AskAsync(batch);
        while (batch.Count > 0)
        {
            List<Waiter> answered = batch;
            Outcome outcome = await OutcomeOfAsync(exchange);
            bool isSplit = outcome.Failure is RemoteErrorException or WireException && answered.Count > 1;
            for (int i = 0; isSplit && i < answered.Count; i++)
            {
                // One lookup caused the failure, or the reply to it can't be read; the others get their own answers.
                Deliver([answered[i]], await OutcomeOfAsync(AskAsync([answered[i]])), isIdle: false);
            }

            // The daemon works on the next exchange while these answers are used.
            batch = Take();
            if (batch.Count > 0)
                exchange = AskAsync(batch);
            if (!isSplit)
                Deliver(answered, outcome, isIdle: batch.Count == 0);
        }
    }

    private Task<IReadOnlyList<ValidPathInfo?>> AskAsync(List<Waiter> batch)
    {
        StorePathHash[] hashes = new StorePathHash[batch.Count];
        for (int i = 0; i < hashes.Length; i++)
            hashes[i] = batch[i].Hash;
        return ask(hashes);
    }

    private static async Task<Outcome> OutcomeOfAsync(Task<IReadOnlyList<ValidPathInfo?>> exchange)
    {
        try
        {
            return new Outcome(await exchange, null);
        }
        catch (Exception exception)
        {
            return new Outcome([], exception);
        }
    }

    // Whoever gets an answer goes on at once. A path is work, since it is signed, so a thread for each processor takes one after the other: to
    // queue each alone would wake threads all the time. This thread helps if it has nothing else to do. That there is no path is answered
    // sooner than another thread is woken.
    private static void Deliver(List<Waiter> batch, Outcome outcome, bool isIdle)
    {
        bool isOfPool = Thread.CurrentThread.IsThreadPoolThread;
        bool IsQuick(int i) => isOfPool && outcome.Failure is null && outcome.Answers[i] is null;
        List<int> others = [.. Enumerable.Range(0, batch.Count).Where(i => !IsQuick(i))];
        Delivery delivery = new(batch, outcome, others);
        int threads = Math.Min(Math.Max(Environment.ProcessorCount, MinThreads), others.Count);
        bool helps = isOfPool && isIdle && threads > 0;
        for (int thread = helps ? 1 : 0; thread < threads; thread++)
            ThreadPool.UnsafeQueueUserWorkItem(delivery, preferLocal: false);
        for (int i = 0; i < batch.Count; i++)
        {
            if (IsQuick(i))
                batch[i].Deliver(null, null);
        }

        if (helps)
            delivery.Execute();
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
            if (_isBusy)
                _wasShared = batch.Count > 1;
            return batch;
        }
    }

    private readonly record struct Outcome(IReadOnlyList<ValidPathInfo?> Answers, Exception? Failure)
    {
        public ValidPathInfo? AnswerAt(int place) => Failure is null ? Answers[place] : null;
    }

    // No answer is set aside for one thread, which may wait for a disk to send a NAR.
    private sealed class Delivery(List<Waiter> batch, Outcome outcome, List<int> places) : IThreadPoolWorkItem
    {
        private int _last = -1;

        public void Execute()
        {
            for (int i = Interlocked.Increment(ref _last); i < places.Count; i = Interlocked.Increment(ref _last))
                batch[places[i]].Deliver(outcome.Failure, outcome.AnswerAt(places[i]));
        }
    }

    private sealed class Waiter(StorePathHash hash) : IValueTaskSource<ValidPathInfo?>
    {
        private ManualResetValueTaskSourceCore<ValidPathInfo?> _core;

        public StorePathHash Hash => hash;

        public ValueTask<ValidPathInfo?> Answer => new(this, _core.Version);

        public void Deliver(Exception? failure, ValidPathInfo? answer)
        {
            if (failure is null)
                _core.SetResult(answer);
            else
                _core.SetException(failure);
        }

        public ValidPathInfo? GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
