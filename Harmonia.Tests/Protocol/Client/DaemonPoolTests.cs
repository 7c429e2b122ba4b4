using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Client;

public sealed class DaemonPoolTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task One_connection_serves_callers_one_after_the_other()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(4);

        for (int n = 0; n < 10; n++)
            await AskAsync(pool, n);

        Assert.That(daemon.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task A_thousand_callers_share_eight_connections_and_each_gets_its_own_answer()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(8);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => Task.Run(() => AskAsync(pool, n)))).InTime();

        Assert.That(daemon.Accepted, Is.InRange(1, 8));
    }

    [Test]
    public async Task Waiting_callers_are_served_in_the_order_they_came()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(1);
        TaskCompletionSource gate = new();
        List<int> served = new();
        Task first = pool.RunAsync((_, _) => gate.Task, None);

        Task[] waiters = [.. Enumerable.Range(0, 50).Select(n => pool.RunAsync(
            (_, _) =>
            {
                served.Add(n);
                return Task.CompletedTask;
            },
            None))];
        gate.SetResult();
        await Task.WhenAll([first, .. waiters]).InTime();

        Assert.That(served, Is.EqualTo(Enumerable.Range(0, 50)));
    }

    [Test]
    public async Task A_new_caller_does_not_overtake_waiting_callers()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(1);
        TaskCompletionSource gate = new();
        List<string> served = new();
        Task Serve(string name) => pool.RunAsync(
            (_, _) =>
            {
                served.Add(name);
                return Task.CompletedTask;
            },
            None);
        Task first = pool.RunAsync((_, _) => gate.Task, None);
        Task waiting = Serve("waiting");

        gate.SetResult();
        await first.InTime();
        Task comingBy = Serve("coming by");
        await Task.WhenAll(waiting, comingBy).InTime();

        Assert.That(served, Is.EqualTo(new[] { "waiting", "coming by" }));
    }

    [Test]
    public async Task Waiters_that_give_up_take_nothing_with_them()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(2);
        TaskCompletionSource gate = new();
        Task[] holders = [pool.RunAsync((_, _) => gate.Task, None), pool.RunAsync((_, _) => gate.Task, None)];
        using CancellationTokenSource giveUp = new();
        Task[] waiters = [.. Enumerable.Range(0, 100).Select(n => AskAsync(pool, n, giveUp.Token))];
        Task stays = AskAsync(pool, 1000);

        await giveUp.CancelAsync();
        foreach (Task waiter in waiters)
            Assert.That(async () => await waiter.InTime(), Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();
        await Task.WhenAll([stays, .. holders]).InTime();

        CountdownEvent bothIn = new(2);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => pool.RunAsync(
            (_, token) => Task.Run(() => Assert.That(bothIn.Signal() || bothIn.Wait(TimeSpan.FromMinutes(1), token)), token), None))).InTime();
    }

    [Test]
    public async Task A_caller_whose_token_is_cancelled_already_gets_no_connection()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(2);

        Assert.That(() => AskAsync(pool, 1, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(daemon.Accepted, Is.Zero);
    }

    [Test]
    public async Task A_caller_gives_up_when_all_connections_are_in_use_for_too_long()
    {
        FakeTime time = new();
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(1, time);
        await AskAsync(pool, 0);
        TaskCompletionSource gate = new();
        Task holder = pool.RunAsync((_, _) => gate.Task, None);
        Task waiter = AskAsync(pool, 1);

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(waiter.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(async () => await waiter.InTime(), Throws.TypeOf<DaemonPoolExhaustedException>());
        gate.SetResult();
        await holder;
        await AskAsync(pool, 2);
    }

    [Test]
    public async Task An_idle_connection_is_closed_when_its_time_has_come()
    {
        FakeTime time = new();
        TaskCompletionSource left = new();
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await FakeStore.ServeAsync(session, token);
            left.SetResult();
        });
        await using DaemonPool pool = daemon.Pool(4, time);
        await AskAsync(pool, 1);

        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.That(left.Task.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromTicks(1));

        await left.Task.InTime();
    }

    [Test]
    public async Task An_idle_connection_that_was_used_in_between_is_kept()
    {
        FakeTime time = new();
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(4, time);

        for (int n = 0; n < 10; n++)
        {
            await AskAsync(pool, n);
            time.Advance(TimeSpan.FromMinutes(4));
        }

        Assert.That(daemon.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task An_operation_that_needs_no_answer_leaves_the_connection_as_it_is()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(4);

        Assert.That(() => pool.RunAsync((_, _) => throw new InvalidOperationException("Nobody's fault."), None),
            Throws.InvalidOperationException);
        await AskAsync(pool, 1);

        Assert.That(daemon.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task A_daemon_that_is_not_there_is_an_error_of_each_caller_and_uses_nothing_up()
    {
        await using FakeDaemon daemon = new();
        await using DaemonPool pool = daemon.Pool(2);
        for (int n = 0; n < 10; n++)
            Assert.That(() => AskAsync(pool, n), Throws.TypeOf<DaemonUnavailableException>());

        daemon.Start();

        await AskAsync(pool, 1);
    }

    [Test]
    public void A_pool_needs_at_least_one_connection() =>
        Assert.That(() => new DaemonPoolOptions { MaxConnections = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());

    internal static async Task AskAsync(DaemonPool pool, int number, CancellationToken cancellationToken = default)
    {
        StorePathHash hash = FakeStore.Hash(number);
        StorePath? path = await pool.RunAsync((client, token) => client.QueryPathFromHashPartAsync(hash, token), cancellationToken);
        Assert.That(path, Is.EqualTo(FakeStore.PathOf(hash)));
    }
}
