using System.Collections.Concurrent;
using System.Net.Sockets;
using Harmonia.Daemon.Interop;
using Microsoft.Extensions.Logging;

namespace Harmonia.Daemon.Server;

/// <summary>
/// Accepts clients and runs a session for each. Owns the listeners and waits for every session that it started.
/// docs/decisions/0001-own-accept-loop.md explains why this is not Kestrel.
/// </summary>
internal sealed class UnixSocketServer(
    IReadOnlyList<UnixSocketListener> listeners, SessionFactory sessions, int maxConnections, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How long to wait before accepting again when the process has no file descriptor left.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _slots = new(maxConnections);
    private readonly ConcurrentDictionary<long, Task> _running = new();

    // One for each listener. A client that comes while another takes the last slot is accepted, and waits here.
    private readonly Task<Socket>?[] _next = new Task<Socket>?[listeners.Count];
    private int _turn;
    private bool _isFull;
    private bool _isFailing;

    /// <summary>Serves until the daemon shuts down and all sessions have ended.</summary>
    public async Task RunAsync(Shutdown shutdown)
    {
        try
        {
            await AcceptAsync(shutdown);
        }
        catch (OperationCanceledException)
        {
            // The daemon is shutting down. From here on another daemon may use the socket's path.
            CloseListeners();
            await DropWaitingAsync();
            await Task.WhenAll(_running.Values);
        }
    }

    public void Dispose()
    {
        CloseListeners();
        _slots.Dispose();
    }

    private void CloseListeners()
    {
        foreach (UnixSocketListener listener in listeners)
        {
            listener.Dispose();
        }
    }

    private async Task DropWaitingAsync()
    {
        foreach (Task<Socket> next in _next.OfType<Task<Socket>>())
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next.IsCompletedSuccessfully)
            {
                (await next).Dispose();
            }
        }
    }

    private async Task AcceptAsync(Shutdown shutdown)
    {
        for (long number = 1; ; number++)
        {
            await WaitForSlotAsync(shutdown.Draining);
            Socket client = await NextClientAsync(shutdown.Draining);
            Task session = ServeAsync(number, client, shutdown);
            _running[number] = session;
            _ = session.ContinueWith(
                (_, key) => _running.TryRemove((long)key!, out Task? _), number, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async ValueTask WaitForSlotAsync(CancellationToken cancellationToken)
    {
        if (_slots.Wait(0, cancellationToken))
        {
            _isFull = false;
            return;
        }

        if (!_isFull)
        {
            logger.TooManyConnections(maxConnections);
        }

        _isFull = true;
        await _slots.WaitAsync(cancellationToken);
    }

    private async Task<Socket> NextClientAsync(CancellationToken cancellationToken)
    {
        for (int index = 0; index < listeners.Count; index++)
        {
            _next[index] ??= AcceptAsync(listeners[index].Socket, cancellationToken);
        }

        await Task.WhenAny(_next.OfType<Task<Socket>>());
        // In turn, so that many clients of one socket do not keep those of another one waiting.
        while (_next[_turn = (_turn + 1) % _next.Length] is not { IsCompleted: true })
        {
        }

        Task<Socket> client = _next[_turn]!;
        _next[_turn] = null;
        return await client;
    }

    private async Task<Socket> AcceptAsync(Socket listener, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Socket client = await listener.AcceptAsync(cancellationToken);
                _isFailing = false;
                return client;
            }
            catch (SocketException exception)
            {
                if (!_isFailing)
                {
                    logger.AcceptFailed(exception.Message);
                }

                _isFailing = true;
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task ServeAsync(long number, Socket client, Shutdown shutdown)
    {
        // The accept loop must not wait for the start of the session.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using (client)
            {
                await sessions.ServeAsync(number, client, shutdown);
            }
        }
        finally
        {
            _slots.Release();
        }
    }
}
