using System.Net.Sockets;
using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Where everybody who wants to keep a path says so while the collector runs, this daemon's own clients included. Whoever asks for a path
/// that is just being deleted is answered when it is gone. Dispose ends it. Nix: src/libstore/gc.cc, LocalStore::collectGarbage.
/// </summary>
internal sealed class TempRootServer : IAsyncDisposable
{
    /// <summary>Everybody must be able to connect.</summary>
    private const UnixFileMode Mode = (UnixFileMode)0b110_110_110;

    /// <summary>Bytes of one request, which is a path and a line feed.</summary>
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

    /// <summary>Starts to listen. The caller holds the collector's lock.</summary>
    /// <exception cref="IOException">This process may not listen there.</exception>
    public TempRootServer(string stateDirectory, StoreDirectory directory)
    {
        _directory = directory;
        _listener = UnixSocketListener.Open($"{stateDirectory}/gc-socket/socket", Mode);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Keeps whatever has this hash part: a path, and its lock.</summary>
    public void Add(StorePathHash hash)
    {
        lock (_gate)
        {
            _roots.Add(hash);
        }
    }

    public bool Keeps(StorePathHash hash)
    {
        lock (_gate)
        {
            return _roots.Contains(hash);
        }
    }

    /// <summary>False when the path is to be kept; else nobody is promised to keep it before <see cref="EndDeletion"/>.</summary>
    public bool TryBeginDeletion(StorePathHash hash)
    {
        lock (_gate)
        {
            return !_roots.Contains(hash) && (_deleting.Add(hash) || true);
        }
    }

    /// <summary>The path is gone, or stays after all.</summary>
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
                // Told to stop.
            }
            catch (SocketException)
            {
                // No file descriptor is left; one may be free again soon.
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
                // The client sees that, and looks again whether the collector still runs.
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
                // Nix too confirms what it does not understand.
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
