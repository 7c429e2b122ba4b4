namespace Harmonia.Tests.Support;

/// <summary>Callers. A third of them is not cancelled, a third is cancelled at once, and a third at a random moment.</summary>
public static class RandomCancellation
{
    /// <summary>Runs the callers, 16 at a time; returns how many got their answer and how many had given up before.</summary>
    /// <param name="callers">How many.</param>
    /// <param name="seed">Which moments.</param>
    /// <param name="ask">Asks a question and fails if the answer is wrong.</param>
    public static async Task<(int Answered, int Cancelled)> RunAsync(int callers, int seed, Func<int, CancellationToken, Task> ask)
    {
        int answered = 0;
        int cancelled = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, callers), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, _) =>
            {
                using CancellationTokenSource giveUp = new();
                Task asking = ask(n, giveUp.Token);
                if (n % 3 > 0)
                {
                    Random random = new(HashCode.Combine(seed, n));
                    for (int turns = n % 3 == 1 ? 0 : random.Next(1000); turns > 0 && !asking.IsCompleted; turns--)
                        await Task.Yield();
                    await giveUp.CancelAsync();
                }

                try
                {
                    await asking.InTime();
                    Interlocked.Increment(ref answered);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }
            });
        return (answered, cancelled);
    }
}
