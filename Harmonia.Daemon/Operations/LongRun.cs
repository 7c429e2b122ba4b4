using System.Net.Sockets;
using System.Threading.Channels;
using Harmonia.Protocol.Messages;

namespace Harmonia.Daemon.Operations;

/// <summary>Work that takes long, on a thread of its own; the client sees meanwhile what it says.</summary>
internal static class LongRun
{
    /// <summary>How often it is looked whether the client is still there while there is nothing to tell it.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the work has ended; when the client goes away before that, it is cancelled.</summary>
    /// <param name="context">The connection.</param>
    /// <param name="work">Is given where to log to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<T> RunAsync<T>(
        OperationContext context, Func<Action<LogLevel, string>, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<(LogLevel Level, string Text)> lines = Channel.CreateUnbounded<(LogLevel, string)>();
        Task<T> running = Task.Run(
            async () =>
            {
                try
                {
                    return await work((level, text) => lines.Writer.TryWrite((level, text)), end.Token).ConfigureAwait(false);
                }
                finally
                {
                    lines.Writer.Complete();
                }
            },
            CancellationToken.None);
        try
        {
            while (await WaitForLinesAsync(lines.Reader.WaitToReadAsync(CancellationToken.None).AsTask(), context).ConfigureAwait(false))
            {
                while (lines.Reader.TryRead(out (LogLevel Level, string Text) line))
                {
                    context.Log(line.Level, line.Text);
                }

                await context.Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await running.ConfigureAwait(false);
    }

    private static async Task<bool> WaitForLinesAsync(Task<bool> lines, OperationContext context)
    {
        while (true)
        {
            try
            {
                return await lines.WaitAsync(Interval).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!context.IsPeerGone())
            {
                // Still at work, and still wanted.
            }
            catch (TimeoutException)
            {
                throw new IOException("the client hung up", new SocketException((int)SocketError.ConnectionReset));
            }
        }
    }
}
