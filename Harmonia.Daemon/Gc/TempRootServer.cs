using System.Net.Sockets;
using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Accepts new temporary roots while the collector runs, from other processes and from this daemon's own clients. A request for a path that
/// is just being deleted is answered when the path is gone. Dispose stops it. Nix: src/libstore/gc.cc, LocalStore::collectGarbage.
/// </summary>
internal sealed class TempRootServer : IAsyncDisposable
{
    /// <summary>Any user must be able to connect.</summary>
    private const UnixFileMode Mode = (UnixFileMode)0b110_110_110;

    /// <summary>The maximum size in bytes of one request: a path and a line feed.</summary>
    private const int MaxRequest = 4096;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly StoreDirectory _directory;
    private readonly UnixSocketListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private readonly HashSet<StorePathHash> _roots = [];
    private readonly HashSet<StorePathHash> _deleting = [];
    private TaskCompletionSource _deleted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts to listen. The caller holds the garbage collector's lock.</summary>
    /// <exception cref="IOException">This process may not listen there.</exception>
    public TempRootServer(string stateDirectory, StoreDirectory directory)
    {
        _directory = directory;
        _listener = UnixSocketListener.Open($"{stateDirectory}/gc-socket/socket", Mode);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Keeps everything with this hash part: a path and its lock.</summary>
    public void Add(StorePathHash hash)
    {
        lock (_gate)
        {
            _roots.Add(hash);
        }
    }

    /// <summary>The hash parts that are kept at the moment.</summary>
    public IReadOnlyList<StorePathHash> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _roots];
            }
        }
    }

    public bool Keeps(StorePathHash hash)
    {
        lock (_gate)
        {
            return _roots.Contains(hash);
        }
    }

    /// <summary>False if the path must be kept. Otherwise requests for it wait until <see cref="EndDeletion"/>.</summary>
    public bool TryBeginDeletion(StorePathHash hash)
    {
        lock (_gate)
        {
            return !_roots.Contains(hash) && (_deleting.Add(hash) || true);
        }
    }

    /// <summary>Ends the deletion of a path, whether it was deleted or not.</summary>
    public void EndDeletion(StorePathHash hash)
    {
        TaskCompletionSource deleted;
        lock (_gate)
        {
            _deleting.Remove(hash);
            deleted = _deleted;
            _deleted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        deleted.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _stop.CancelAsync();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> clients = [];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket client = await _listener.Socket.AcceptAsync(_stop.Token);
                clients.RemoveAll(task => task.IsCompleted);
                clients.Add(ServeAsync(client));
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                // The collection has ended.
            }
            catch (SocketException)
            {
                // The process has no file descriptor left; one may become free soon.
                await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(clients);
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                await AnswerAllAsync(client);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // The client sees the closed connection and checks whether the collector still runs.
            }
        }
    }

    private async Task AnswerAllAsync(Socket client)
    {
        byte[] buffer = new byte[MaxRequest];
        int length = 0;
        int received;
        while (length < MaxRequest && (received = await client.ReceiveAsync(buffer.AsMemory(length), _stop.Token)) > 0)
        {
            length += received;
            int end;
            while ((end = buffer.AsSpan(0, length).IndexOf((byte)'\n')) >= 0)
            {
                // Nix confirms requests that it does not understand too.
                if (_directory.TryParsePath(Encoding.UTF8.GetString(buffer, 0, end), out StorePath? path))
                {
                    Add(path.Hash);
                    await WaitForDeletionAsync(path.Hash);
                }

                _ = await client.SendAsync("1"u8.ToArray(), _stop.Token);
                length -= end + 1;
                buffer.AsSpan(end + 1, length).CopyTo(buffer);
            }
        }
    }

    private async Task WaitForDeletionAsync(StorePathHash hash)
    {
        while (true)
        {
            Task deleted;
            lock (_gate)
            {
                if (!_deleting.Contains(hash))
                {
                    return;
                }

                deleted = _deleted.Task;
            }

            await deleted.WaitAsync(_stop.Token);
        }
    }
}
