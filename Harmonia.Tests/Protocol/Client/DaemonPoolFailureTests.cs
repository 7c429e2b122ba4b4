using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Protocol.Client.DaemonPoolTests;

namespace Harmonia.Tests.Protocol.Client;

/// <summary>The effect of failures on a connection and its callers.</summary>
public sealed class DaemonPoolFailureTests
{
    [Test]
    public async Task A_half_used_connection_is_never_reused()
    {
        TaskCompletionSource asked = new();
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            if (session.Number == 0)
            {
                await session.ReadOperationAsync(token);
                asked.SetResult();
                await FakeSession.NeverAsync(token);
            }

            await FakeStore.ServeAsync(session, token);
        });
        await using DaemonPool pool = daemon.Pool(1);
        using CancellationTokenSource giveUp = new();
        Task cancelled = AskAsync(pool, 1, giveUp.Token);
        await asked.Task.InTime();

        await giveUp.CancelAsync();

        Assert.That(async () => await cancelled.InTime(), Throws.InstanceOf<OperationCanceledException>());
        await AskAsync(pool, 2);
        Assert.That(daemon.Accepted, Is.EqualTo(2));
    }

    [Test]
    public async Task A_connection_the_daemon_closed_while_idle_is_replaced()
    {
        TaskCompletionSource closed = new();
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await AnswerOnceAsync(session, token);
            session.Dispose();
            closed.TrySetResult();
        });
        await using DaemonPool pool = daemon.Pool(1);
        await AskAsync(pool, 1);
        await closed.Task.InTime();

        await AskAsync(pool, 2);

        Assert.That(daemon.Accepted, Is.EqualTo(2));
    }

    [Test]
    public async Task A_reused_connection_that_dies_of_a_request_is_replaced_and_the_request_repeated()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await AnswerOnceAsync(session, token);
            if (session.Number == 0)
                await session.ReadOperationAsync(token);
            else
                await FakeStore.ServeAsync(session, token);
        });
        await using DaemonPool pool = daemon.Pool(1);
        await AskAsync(pool, 1);

        await AskAsync(pool, 2);
        await AskAsync(pool, 3);

        Assert.That(daemon.Accepted, Is.EqualTo(2));
    }

    [Test]
    public async Task The_second_attempt_is_made_on_a_new_connection_though_others_are_idle()
    {
        const int Old = 4;
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await AnswerOnceAsync(session, token);
            if (session.Number < Old)
                await session.ReadOperationAsync(token);
            else
                await FakeStore.ServeAsync(session, token);
        });
        await using DaemonPool pool = daemon.Pool(Old);
        using CountdownEvent allIn = new(Old);
        await Task.WhenAll(Enumerable.Range(0, Old).Select(n => Task.Run(() => pool.RunAsync(
            async (client, token) =>
            {
                allIn.Signal();
                allIn.Wait(token);
                return await client.QueryPathFromHashPartAsync(FakeStore.Hash(n), token);
            },
            default)))).InTime();

        await AskAsync(pool, 1);

        Assert.That(daemon.Accepted, Is.EqualTo(Old + 1));
    }

    [Test]
    public async Task A_new_connection_that_dies_is_not_replaced()
    {
        await using FakeDaemon daemon = FakeDaemon.Started((session, token) => session.ReadOperationAsync(token));
        await using DaemonPool pool = daemon.Pool(1);

        Assert.That(() => AskAsync(pool, 1), Throws.InstanceOf<IOException>());
        Assert.That(daemon.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task A_request_whose_reply_had_begun_is_not_repeated()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await AnswerOnceAsync(session, token);
            await session.ReadOperationAsync(token);
            session.SayLast();
            await session.Writer.FlushAsync(token);
        });
        await using DaemonPool pool = daemon.Pool(1);
        await AskAsync(pool, 1);

        Assert.That(() => AskAsync(pool, 2), Throws.InstanceOf<IOException>());
        Assert.That(daemon.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task An_operation_that_has_had_an_answer_is_not_repeated()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await AnswerOnceAsync(session, token);
            await AnswerOnceAsync(session, token);
            await session.ReadOperationAsync(token);
        });
        await using DaemonPool pool = daemon.Pool(1);
        await AskAsync(pool, 1);
        int runs = 0;

        Assert.That(
            () => pool.RunAsync(
                async (client, token) =>
                {
                    runs++;
                    await client.QueryPathFromHashPartAsync(FakeStore.Hash(2), token);
                    return await client.QueryPathFromHashPartAsync(FakeStore.Hash(3), token);
                },
                default),
            Throws.InstanceOf<IOException>());
        Assert.That(runs, Is.EqualTo(1));
    }

    [Test]
    public async Task A_connection_on_which_the_daemon_says_no_is_kept()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await session.ReadOperationAsync(token);
            await session.ReadHashPartAsync(token);
            await session.SayNoAsync("no such path", token);
            await FakeStore.ServeAsync(session, token);
        });
        await using DaemonPool pool = daemon.Pool(1);

        Assert.That(() => AskAsync(pool, 1), Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo("no such path"));
        await AskAsync(pool, 2);
        Assert.That(daemon.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task A_daemon_that_says_no_and_closes_costs_the_next_caller_nothing()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            if (session.Number > 0)
            {
                await FakeStore.ServeAsync(session, token);
                return;
            }

            await session.ReadOperationAsync(token);
            await session.SayNoAsync("cannot be parsed", token);
        });
        await using DaemonPool pool = daemon.Pool(1);

        Assert.That(() => AskAsync(pool, 1), Throws.TypeOf<RemoteErrorException>());
        await AskAsync(pool, 2);
    }

    [Test]
    public async Task A_connection_on_which_the_daemon_talks_out_of_turn_is_not_reused()
    {
        TaskCompletionSource answered = new();
        TaskCompletionSource said = new();
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await AnswerOnceAsync(session, token);
            if (session.Number == 0)
            {
                await answered.Task;
                session.Say(new StderrMessage.Next("By the way."));
                await session.Writer.FlushAsync(token);
                said.SetResult();
            }

            await FakeStore.ServeAsync(session, token);
        });
        await using DaemonPool pool = daemon.Pool(1);
        await AskAsync(pool, 1);
        answered.SetResult();
        await said.Task.InTime();

        await AskAsync(pool, 2);

        Assert.That(daemon.Accepted, Is.EqualTo(2));
    }

    [Test]
    public async Task More_bytes_than_the_reply_has_break_the_connection()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await session.ReadOperationAsync(token);
            await session.ReadHashPartAsync(token);
            session.SayLast();
            session.Writer.WriteString("");
            session.Writer.WriteUInt64(7);
            await session.Writer.FlushAsync(token);
            await session.ReadOperationAsync(token);
        });
        await using DaemonPool pool = daemon.Pool(1);

        Assert.That(() => AskAsync(pool, 1), Throws.TypeOf<WireException>());
        Assert.That(() => AskAsync(pool, 1), Throws.TypeOf<WireException>());
        Assert.That(daemon.Accepted, Is.EqualTo(2));
    }

    [Test]
    public async Task A_daemon_killed_under_load_costs_only_calls_in_flight_and_serves_all_when_it_is_back()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonPool pool = daemon.Pool(8);

        await KillsUnderLoad.RunAsync(10, 100, n => AskAsync(pool, n), async () =>
        {
            await daemon.KillAsync();
            daemon.Start();
        });
    }

    private static async Task AnswerOnceAsync(FakeSession session, CancellationToken cancellationToken)
    {
        if (await session.ReadOperationAsync(cancellationToken) is { } operation)
        {
            await FakeStore.AnswerAsync(session, operation, cancellationToken);
            await session.Writer.FlushAsync(cancellationToken);
        }
    }
}
