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
        int answered = 0;
        int cancelled = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, _) =>
        {
            var random = new Random(HashCode.Combine(seed, n));
            using var giveUp = new CancellationTokenSource();
            Task<UnkeyedValidPathInfo?> question = pool.RunAsync(
                async (client, token) =>
                {
                    StorePath? path = await client.QueryPathFromHashPartAsync(FakeStore.Hash(n), token);
                    return await client.QueryPathInfoAsync(path!, token);
                },
                giveUp.Token);
            for (int turns = random.Next(60); turns > 0 && !question.IsCompleted; turns--)
                await Task.Yield();
            await giveUp.CancelAsync();
            try
            {
                Assert.That(await question.InTime(), Is.EqualTo(FakeStore.InfoOf(FakeStore.PathOf(FakeStore.Hash(n)))));
                Interlocked.Increment(ref answered);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref cancelled);
            }
        });

        Assert.That(answered + cancelled, Is.EqualTo(1000));
        Assert.That(answered, Is.GreaterThan(10), "Too few were answered for the test to say anything.");
        Assert.That(cancelled, Is.GreaterThan(10), "Too few were cancelled for the test to say anything.");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => DaemonPoolTests.AskAsync(pool, n))).InTime();
    }
}
