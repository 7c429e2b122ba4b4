using System.Runtime.CompilerServices;

namespace Harmonia.Cache.Transport;

/// <summary>
/// A thread that may block. The threads that poll the sockets may not: they run what waited for a socket, and all other connections of
/// theirs wait meanwhile (docs/decisions/0008-short-path.md). So whoever has waited for a socket awaits <see cref="SwitchAsync"/>
/// before anything else can follow that reads a file or takes long.
/// </summary>
public readonly struct PoolThread : ICriticalNotifyCompletion
{
    /// <summary>Whether the present thread is one already.</summary>
    public bool IsCompleted => Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>Goes on on a thread of the pool: on this one, if it is.</summary>
    public static PoolThread SwitchAsync() => default;

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
