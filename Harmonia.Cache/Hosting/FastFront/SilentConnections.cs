using System.Net.Sockets;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>
/// New connections over which nothing has come yet. They wait here for a second at most: after that they are Kestrel's, whose timeouts
/// hold for them. Thread-safe.
/// </summary>
/// <param name="spoke">Takes a connection over which something has come, or that has failed.</param>
/// <param name="handOver">Takes a connection that stays silent.</param>
internal sealed class SilentConnections(Action<Socket> spoke, Action<Socket> handOver) : IDisposable
{
    // More are Kestrel's at once, which counts them.
    private const int Max = 1024;

    private const long MaxWait = 1_000;

    // What is kept for the next connection to wait with.
    private const int MaxIdle = 64;

    private readonly Lock _lock = new();
    private readonly LinkedList<Wait> _waiting = new();
    private readonly Stack<Wait> _idle = new();
    private Timer? _timer;
    private bool _isDisposed;

    /// <summary>Waits for the first byte; false if too many wait already.</summary>
    public bool TryAdd(Socket socket)
    {
        Wait? wait;
        lock (_lock)
        {
            if (_isDisposed || _waiting.Count >= Max)
                return false;
            if (!_idle.TryPop(out wait))
                wait = new Wait(this);
            wait.Begin(socket);
            _waiting.AddLast(wait.Node);
            if (_waiting.Count == 1)
                (_timer ??= new Timer(_ => HandOver())).Change(MaxWait, Timeout.Infinite);
        }

        try
        {
            if (!socket.ReceiveAsync(wait))
                End(wait);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return !TryRemove(wait);
        }
    }

    public void Dispose()
    {
        List<Socket> sockets;
        lock (_lock)
        {
            _isDisposed = true;
            sockets = [.. _waiting.Select(wait => wait.Connection!)];
            _waiting.Clear();
            _timer?.Dispose();
            while (_idle.TryPop(out Wait? wait))
                wait.Dispose();
        }

        sockets.ForEach(socket => socket.Dispose());
    }

    private void End(Wait wait)
    {
        Socket socket = wait.Connection!;
        bool isOurs = TryRemove(wait);
        lock (_lock)
        {
            wait.Begin(socket: null);
            if (_isDisposed || _idle.Count >= MaxIdle)
                wait.Dispose();
            else
                _idle.Push(wait);
        }

        if (isOurs)
            spoke(socket);
    }

    private bool TryRemove(Wait wait)
    {
        lock (_lock)
        {
            if (wait.Node.List is null)
                return false;
            _waiting.Remove(wait.Node);
            return true;
        }
    }

    private void HandOver()
    {
        List<Socket> silent = new();
        lock (_lock)
        {
            long oldest = Environment.TickCount64 - MaxWait;
            while (_waiting.First is { } first && first.Value.Since <= oldest)
            {
                silent.Add(first.Value.Connection!);
                _waiting.RemoveFirst();
            }

            if (_waiting.First is { } next && !_isDisposed)
                _timer!.Change(Math.Max(1, next.Value.Since - oldest), Timeout.Infinite);
        }

        silent.ForEach(handOver);
    }

    // Ends when there is something to read, and reads nothing. It may go on when the connection is Kestrel's.
    private sealed class Wait : SocketAsyncEventArgs
    {
        private readonly SilentConnections _owner;

        public Wait(SilentConnections owner)
            : base(true)
        {
            _owner = owner;
            Node = new LinkedListNode<Wait>(this);
            SetBuffer(Memory<byte>.Empty);
        }

        public LinkedListNode<Wait> Node { get; }

        public Socket? Connection { get; private set; }

        public long Since { get; private set; }

        public void Begin(Socket? socket) => (Connection, Since) = (socket, Environment.TickCount64);

        protected override void OnCompleted(SocketAsyncEventArgs e) => _owner.End(this);
    }
}
