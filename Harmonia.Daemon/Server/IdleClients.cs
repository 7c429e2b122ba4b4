using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Harmonia.Daemon.Interop;

namespace Harmonia.Daemon.Server;

/// <summary>
/// Waits for the next request of clients: for a moment on the thread that asks, if few others do so, then on one thread for all of them.
/// Runs until the process ends. docs/decisions/0009-patient-threads.md says why.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Lives as long as the process.")]
internal sealed class IdleClients
{
    /// <summary>How long a thread waits by itself. Most clients ask again within microseconds, or not for a long time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private readonly int _maxPatient = Environment.ProcessorCount;
    private readonly ReadinessPoll _poll = new();
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource> _waiting = new();
    private int _patient;
    private ulong _last;

    public IdleClients()
    {
        // Those that wait do nothing for others: as many more have to be there at once.
        ThreadPool.GetMinThreads(out int workers, out int completionPorts);
        ThreadPool.SetMinThreads(workers + _maxPatient, completionPorts);
        new Thread(Run) { IsBackground = true, Name = "idle clients" }.Start();
    }

    /// <summary>A name for a client.</summary>
    public ulong Enrol() => Interlocked.Increment(ref _last);

    /// <summary>Waits for a moment. False when nothing came, or enough threads wait already.</summary>
    public bool WaitPatiently(Socket socket)
    {
        try
        {
            return Interlocked.Increment(ref _patient) <= _maxPatient && socket.Poll(Patience, SelectMode.SelectRead);
        }
        finally
        {
            Interlocked.Decrement(ref _patient);
        }
    }

    /// <summary>Returns when there is something to read, or the client has gone.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="socket">Its socket.</param>
    /// <param name="isKnown">Whether it has waited here before.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WaitAsync(ulong client, SafeSocketHandle socket, bool isKnown, CancellationToken cancellationToken)
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

    private void Run()
    {
        List<ulong> ready = [];
        while (true)
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
