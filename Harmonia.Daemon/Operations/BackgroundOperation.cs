using System.Threading.Channels;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Operations;

/// <summary>Work that takes long, on a thread of its own; the client sees meanwhile what it says.</summary>
internal static class BackgroundOperation
{
    /// <summary>Returns when the work has ended; when the client goes away before that, it is cancelled.</summary>
    /// <param name="client">The client.</param>
    /// <param name="work">Is given where to log to.</param>
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
