using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Harmonia.Daemon.Interop;

namespace Harmonia.Daemon.Server;

/// <summary>
/// Waits for the next request of clients: first for a moment on the session's own thread, if few other threads wait, then on one thread
/// for all idle clients. Dispose ends that thread, once no client waits any more. docs/decisions/0009-patient-threads.md explains why.
/// </summary>
internal sealed class IdleClients : IDisposable
{
    /// <summary>How long a session's thread waits. Most clients send the next request within microseconds, or not for a long time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    /// <summary>The name that wakes the thread to end it; clients' names start at 1.</summary>
    private const ulong Stop = 0;

    private readonly int _maxPatientThreads;
    private readonly ReadinessPoll _poll = new();
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource> _waiting = new();
    private readonly Thread _thread;
    private int _patientThreads;
    private ulong _lastName;

    /// <param name="maxPatientThreads">How many sessions may wait on their own threads at once.</param>
    public IdleClients(int maxPatientThreads)
    {
        _maxPatientThreads = maxPatientThreads;
        _thread = new Thread(Run) { IsBackground = true, Name = "idle clients" };
        _thread.Start();
    }

    /// <summary>Creates one for the thread pool of this process. It leaves the pool a thread for work that does not wait.</summary>
    public static IdleClients Create() => new(Math.Max(1, Environment.ProcessorCount - 1));

    /// <summary>A new client's name.</summary>
    public ulong Enrol() => Interlocked.Increment(ref _lastName);

    /// <summary>Waits for a moment. False if nothing arrived, or if enough threads wait already.</summary>
    public bool WaitPatiently(Socket socket)
    {
        try
        {
            return Interlocked.Increment(ref _patientThreads) <= _maxPatientThreads && socket.Poll(Patience, SelectMode.SelectRead);
        }
        finally
        {
            Interlocked.Decrement(ref _patientThreads);
        }
    }

    /// <summary>Returns when there is something to read, or when the client has hung up.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="socket">Its socket.</param>
    /// <param name="isKnown">Whether the client has waited here before.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task WaitAsync(ulong client, SafeHandle socket, bool isKnown, CancellationToken cancellationToken)
    {
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[client] = ready;
        try
        {
            await using (cancellationToken.UnsafeRegister(static (source, token) => ((TaskCompletionSource)source!).TrySetCanceled(token), ready))
            {
                _poll.Watch(socket, client, isKnown);
                await ready.Task;
            }
        }
        finally
        {
            _waiting.TryRemove(client, out _);
        }
    }

    public void Dispose()
    {
        // The read end of a pipe without a writer is ready at once.
        using AnonymousPipeServerStream closed = new(PipeDirection.In);
        closed.DisposeLocalCopyOfClientHandle();
        _poll.Watch(closed.SafePipeHandle, Stop, isKnown: false);
        _thread.Join();
        _poll.Dispose();
    }

    private void Run()
    {
        List<ulong> ready = [];
        while (!ready.Contains(Stop))
        {
            ready.Clear();
            _poll.Wait(ready);
            foreach (ulong client in ready)
            {
                if (_waiting.TryRemove(client, out TaskCompletionSource? waiting))
                {
                    waiting.TrySetResult();
                }
            }
        }
    }
}
