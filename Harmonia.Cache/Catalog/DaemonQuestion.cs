using Harmonia.Cache.Transport;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Wire;

namespace Harmonia.Cache.Catalog;

/// <summary>A question to a daemon, and one way in which it can stay without an answer.</summary>
internal static class DaemonQuestion
{
    // A question once asked is not broken off with the HTTP request: that would cost the connection, and the system's daemon starts
    // a process for each, while the answer is there after some 100 µs.
    public static async Task<T> AskAsync<T>(
        DaemonPool pool, Func<DaemonClient, CancellationToken, Task<T>> question, TimeSpan limit, TimeProvider time)
    {
        using CancellationTokenSource cancellation = new(limit, time);
        try
        {
            return await pool.RunAsync(question, cancellation.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"The daemon did not answer within {limit.TotalSeconds} s.", exception);
        }
        catch (IOException exception) when (exception is not (DaemonUnavailableException or WireException))
        {
            throw new DaemonUnavailableException($"The connection to the daemon broke: {exception.Message}", exception);
        }
        finally
        {
            await PoolThread.SwitchAsync();
        }
    }
}
