using Harmonia.Protocol.Client;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Protocol.Client.DaemonPoolTests;

namespace Harmonia.Tests.Protocol.Client;

public sealed class DaemonPoolDisposalTests
{
    [Test]
    public async Task A_disposed_pool_closes_its_idle_connections_and_takes_no_callers()
    {
        TaskCompletionSource left = new();
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await FakeStore.ServeAsync(session, token);
            left.SetResult();
        });
        DaemonPool pool = daemon.Pool(2);
        await AskAsync(pool, 1);

        await pool.DisposeAsync();

        await left.Task.InTime();
        Assert.That(() => AskAsync(pool, 2), Throws.TypeOf<ObjectDisposedException>());
        await pool.DisposeAsync();
    }

    [Test]
    public async Task Disposing_breaks_off_operations_under_way_and_sends_waiting_callers_away()
    {
        TaskCompletionSource asked = new();
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await session.ReadOperationAsync(token);
            asked.SetResult();
            await FakeSession.NeverAsync(token);
        });
        DaemonPool pool = daemon.Pool(1);
        Task underWay = AskAsync(pool, 1);
        Task waiting = AskAsync(pool, 2);
        await asked.Task.InTime();

        await pool.DisposeAsync().AsTask().InTime();

        Assert.That(async () => await underWay.InTime(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(async () => await waiting.InTime(), Throws.TypeOf<ObjectDisposedException>());
    }
}
