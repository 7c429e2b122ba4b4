using Harmonia.Cache.Transport;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Wire;

namespace Harmonia.Cache.Catalog;

/// <summary>Asks a daemon, and gives the failures of all questions one form.</summary>
internal static class DaemonQuestion
{
    // A canceled HTTP request does not cancel its question: that would cost the connection, for which nix-daemon has started a process,
    // and the answer comes after about 100 µs.
    public static async Task<T> AskAsync<T>(
        DaemonPool pool, Func<DaemonClient, CancellationToken, Task<T>> question, TimeSpan limit, TimeProvider time)
    {
        using CancellationTokenSource cancellation = new(limit, time);
        try
        {
            return await PoolThread.AfterAsync(new ValueTask<T>(pool.RunAsync(question, cancellation.Token)));
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"The daemon did not answer within {limit.TotalSeconds} s.", exception);
        }
        catch (IOException exception) when (exception is not (DaemonUnavailableException or WireException))
        {
            throw new DaemonUnavailableException($"The connection to the daemon broke: {exception.Message}", exception);
        }
    }
}
