using NUnit.Framework;

namespace Harmonia.Tests.Support;

/// <summary>16 callers send requests one after the other while their daemon is killed and started again.</summary>
public static class KillsUnderLoad
{
    /// <summary>
    /// Kills the daemon in each round; returns when all callers have their answers, and so have a hundred questions after the last.
    /// </summary>
    /// <param name="rounds">How often it is killed.</param>
    /// <param name="answersBetween">How many answers come before it is killed again.</param>
    /// <param name="ask">Asks a question and fails if the answer is wrong; the loss of the connection is an <see cref="IOException"/>.</param>
    /// <param name="restart">Kills the daemon and starts it again.</param>
    public static async Task RunAsync(int rounds, int answersBetween, Func<int, Task> ask, Func<Task> restart)
    {
        using CancellationTokenSource enough = new();
        int answered = 0;
        Task[] callers = [.. Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (int n = caller; !enough.IsCancellationRequested; n += 16)
            {
                try
                {
                    await ask(n);
                    Interlocked.Increment(ref answered);
                }
                catch (IOException)
                {
                    // Sent when the daemon died, or while there was none.
                }
            }
        }))];

        for (int round = 0; round < rounds; round++)
        {
            int before = Volatile.Read(ref answered);
            Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref answered) > before + answersBetween, TimeSpan.FromMinutes(2)), $"round {round}");
            await restart().InTime();
        }

        await enough.CancelAsync();
        await Task.WhenAll(callers).InTime();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(ask)).InTime();
    }
}
