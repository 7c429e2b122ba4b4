using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Client;

public sealed class DaemonPoolCancellationTests
{
    [Test]
    public async Task A_thousand_requests_cancelled_at_random_moments_mix_no_answers_up([Values(1, 20_261_121)] int seed)
    {
        await using FakeDaemon daemon = FakeDaemon.Started((session, token) =>
        {
            session.Output = new DribblingStream(session.Output, new Random(seed + session.Number));
            return FakeStore.ServeAsync(session, token);
        });
        await using DaemonPool pool = daemon.Pool(4);

        (int answered, int cancelled) = await RandomCancellation.RunAsync(1000, seed, async (n, token) =>
        {
            StorePath path = FakeStore.PathOf(FakeStore.Hash(n));
            UnkeyedValidPathInfo? info = await pool.RunAsync(
                async (client, token) =>
                {
                    Assert.That(await client.QueryPathFromHashPartAsync(path.Hash, token), Is.EqualTo(path));
                    return await client.QueryPathInfoAsync(path, token);
                },
                token);
            Assert.That(info, Is.EqualTo(FakeStore.InfoOf(path)));
        });

        Assert.That(answered + cancelled, Is.EqualTo(1000));
        Assert.That(cancelled, Is.GreaterThan(10), "Too few were cancelled for the test to say anything.");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => DaemonPoolTests.AskAsync(pool, n))).InTime();
    }
}
