using System.Runtime.CompilerServices;

namespace Harmonia.Cache.Transport;

/// <summary>
/// A thread that may block. The threads that poll sockets may not: they run the code that waited for a socket, and their other connections
/// wait meanwhile (docs/decisions/0008-fast-front.md). Code that waits for a socket does it through <see cref="AfterAsync{T}(ValueTask{T})"/>, and
/// so continues on a thread that may block.
/// </summary>
public readonly struct PoolThread : ICriticalNotifyCompletion
{
    /// <summary>Whether the present thread is one already.</summary>
    public bool IsCompleted => Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>Continues on a thread of the pool: on this one, if it is one.</summary>
    public static PoolThread SwitchAsync() => default;

    /// <summary>Waits, and continues on a thread of the pool, whether the wait succeeded or failed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<T> AfterAsync<T>(ValueTask<T> wait)
    {
        try
        {
            return await wait;
        }
        finally
        {
            await SwitchAsync();
        }
    }

    public PoolThread GetAwaiter() => this;

    public void GetResult()
    {
        // Nothing can fail.
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static action => action(), continuation, preferLocal: false);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
}
