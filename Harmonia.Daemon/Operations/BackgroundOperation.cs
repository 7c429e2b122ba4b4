using System.Threading.Channels;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Operations;

/// <summary>Runs a long operation on a thread of the pool and sends its log to the client meanwhile.</summary>
internal static class BackgroundOperation
{
    /// <summary>Returns when the work has ended. Cancels it when the client hangs up.</summary>
    /// <param name="client">The client.</param>
    /// <param name="work">The work; it gets a callback for its log.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<T> RunAsync<T>(
        ClientConnection client, Func<Action<LogLevel, string>, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        client.WhileConnectedAsync(stop => FollowAsync(client, work, stop), cancellationToken);

    private static async Task<T> FollowAsync<T>(
        ClientConnection client, Func<Action<LogLevel, string>, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<(LogLevel Level, string Text)> lines = Channel.CreateUnbounded<(LogLevel, string)>();
        Task<T> running = Task.Run(
            async () =>
            {
                try
                {
                    return await work((level, text) => lines.Writer.TryWrite((level, text)), end.Token);
                }
                finally
                {
                    lines.Writer.Complete();
                }
            },
            CancellationToken.None);
        try
        {
            while (await lines.Reader.WaitToReadAsync(CancellationToken.None))
            {
                while (lines.Reader.TryRead(out (LogLevel Level, string Text) line))
                {
                    client.Log(line.Level, line.Text);
                }

                await client.Writer.FlushAsync(cancellationToken);
            }
        }
        catch
        {
            await end.CancelAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await running;
    }
}
