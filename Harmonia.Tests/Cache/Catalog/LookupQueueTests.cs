using System.Collections.Concurrent;
using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

public sealed class LookupQueueTests
{
    private static readonly HashSet<StorePathHash> Even = [.. Enumerable.Range(0, 1500).Select(half => FakeStore.Hash(2 * half))];

    private readonly ConcurrentQueue<IReadOnlyList<StorePathHash>> _exchanges = new();
    private TaskCompletionSource _released = new();
    private Func<IReadOnlyList<StorePathHash>, Exception?> _failure = _ => null;
    private LookupQueue _queue = null!;

    [SetUp]
    public void Start()
    {
        _exchanges.Clear();
        _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _failure = _ => null;
        _queue = new LookupQueue(AskAsync);
    }

    [Test]
    public async Task Lookups_that_come_while_an_exchange_is_under_way_go_together_in_the_next()
    {
        Task<ValidPathInfo?>[] asked = [.. Enumerable.Range(0, 100).Select(number => _queue.FindAsync(FakeStore.Hash(number)).AsTask())];
        Assert.That(_exchanges.Single(), Has.Count.EqualTo(1), "The first waits for nobody.");
        _released.SetResult();

        ValidPathInfo?[] answers = await Task.WhenAll(asked).InTime();

        Assert.That(_exchanges.Select(hashes => hashes.Count), Is.EqualTo([1, 99]));
        for (int number = 0; number < answers.Length; number++)
            Assert.That(answers[number]?.Path.Hash, Is.EqualTo(number % 2 == 0 ? FakeStore.Hash(number) : null));
    }

    [Test]
    public async Task An_idle_queue_asks_at_once_again()
    {
        _released.SetResult();
        await _queue.FindAsync(FakeStore.Hash(0)).AsTask().InTime();
        await _queue.FindAsync(FakeStore.Hash(2)).AsTask().InTime();

        Assert.That(_exchanges, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task More_lookups_than_a_request_may_have_go_in_several()
    {
        Task<ValidPathInfo?>[] asked = [.. Enumerable.Range(0, 2 + WireLimits.HashParts).Select(number => _queue.FindAsync(FakeStore.Hash(number)).AsTask())];
        _released.SetResult();
        await Task.WhenAll(asked).InTime();

        Assert.That(_exchanges.Select(hashes => hashes.Count), Is.EqualTo([1, WireLimits.HashParts, 1]));
    }

    [Test]
    public async Task A_lost_connection_fails_all_that_shared_the_exchange_and_no_other()
    {
        _failure = hashes => hashes.Count > 1 ? new DaemonUnavailableException("away", new IOException()) : null;
        Task<ValidPathInfo?>[] asked = [.. Enumerable.Range(0, 3).Select(number => _queue.FindAsync(FakeStore.Hash(number)).AsTask())];
        _released.SetResult();

        Assert.That(await asked[0].InTime(), Is.Not.Null);
        foreach (Task<ValidPathInfo?> lost in asked[1..])
            await Assert.ThatAsync(() => lost.InTime(), Throws.TypeOf<DaemonUnavailableException>());
        Assert.That(await _queue.FindAsync(FakeStore.Hash(4)).AsTask().InTime(), Is.Not.Null);
    }

    private static readonly Exception[] FailuresOfOne =
        [new RemoteErrorException(new RemoteError { Message = "not a hash" }), new WireException("too long")];

    [TestCaseSource(nameof(FailuresOfOne))]
    public async Task A_path_that_cannot_be_read_fails_only_the_request_for_it(Exception failure)
    {
        StorePathHash broken = FakeStore.Hash(2);
        _failure = hashes => hashes.Contains(broken) ? failure : null;
        Task<ValidPathInfo?>[] asked = [.. Enumerable.Range(0, 5).Select(number => _queue.FindAsync(FakeStore.Hash(number)).AsTask())];
        _released.SetResult();

        await Assert.ThatAsync(() => asked[2].InTime(), Throws.TypeOf(failure.GetType()));
        Assert.That(await asked[4].InTime(), Is.Not.Null);
        Assert.That(await asked[3].InTime(), Is.Null);
    }

    [Test]
    public async Task Who_goes_on_slowly_holds_up_only_itself()
    {
        // NUnit's synchronization context would continue each of them on a thread of its own.
        SynchronizationContext.SetSynchronizationContext(null);
        int count = 8 * Environment.ProcessorCount;
        using ManualResetEventSlim rest = new();
        int answered = 0;
        bool waited = false;
        ValueTask<ValidPathInfo?> first = _queue.FindAsync(FakeStore.Hash(0));
        Task[] asked = [.. Enumerable.Range(1, count).Select(number => UseAsync(2 * number))];
        _released.SetResult();
        await Task.WhenAll([first.AsTask(), .. asked]).InTime();

        Assert.That(waited, Is.True, "The others got their answers.");

        async Task UseAsync(int number)
        {
            await _queue.FindAsync(FakeStore.Hash(number));
            if (number == 2)
                waited = rest.Wait(TimeSpan.FromSeconds(5));
            else if (Interlocked.Increment(ref answered) == count - 1)
                rest.Set();
        }
    }

    [Test]
    public async Task Every_one_of_many_threads_gets_its_own_answer()
    {
        _released.SetResult();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (int number = thread; number < 2000; number += 8)
                Assert.That((await _queue.FindAsync(FakeStore.Hash(number)))?.Path.Hash, Is.EqualTo(number % 2 == 0 ? FakeStore.Hash(number) : null));
        }))).InTime();
    }

    // Even numbers are in the store.
    private async Task<IReadOnlyList<ValidPathInfo?>> AskAsync(IReadOnlyList<StorePathHash> hashes)
    {
        _exchanges.Enqueue(hashes);
        await _released.Task;
        return _failure(hashes) is { } failure ? throw failure : [.. hashes.Select(Find)];
    }

    private static ValidPathInfo? Find(StorePathHash hash)
    {
        StorePath path = FakeStore.PathOf(hash);
        return Even.Contains(hash) ? new ValidPathInfo { Path = path, Info = FakeStore.InfoOf(path) } : null;
    }
}
