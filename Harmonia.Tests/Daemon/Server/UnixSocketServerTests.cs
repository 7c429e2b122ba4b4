using System.Net.Sockets;
using Harmonia.Daemon.Interop;
using Harmonia.Daemon.Server;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Server;

/// <summary>The accept loop over a real socket.</summary>
public sealed class UnixSocketServerTests
{
    private const int TooManyConnections = 10;

    private TemporaryDirectory _directory = null!;
    private SampleStore _store = null!;
    private CapturedLog _log = null!;
    private Shutdown _shutdown = null!;
    private SessionFactory _sessions = null!;
    private UnixSocketServer _server = null!;
    private Task _running = Task.CompletedTask;

    [SetUp]
    public void Begin()
    {
        _directory = new TemporaryDirectory();
        _store = new SampleStore();
        _log = new CapturedLog();
        _shutdown = new Shutdown(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    [TearDown]
    public async Task EndAsync()
    {
        _shutdown.Request();
        await _running.InTime();
        _server.Dispose();
        _sessions.Dispose();
        _shutdown.Dispose();
        _store.Dispose();
        _log.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task Clients_are_served_at_the_same_time()
    {
        Start(maxConnections: 100);
        List<SessionClient> clients = [];
        for (int i = 0; i < 20; i++)
            clients.Add(await ConnectAsync());
        foreach (SessionClient client in clients)
            Assert.That(await client.IsValidPathAsync(SampleStore.Top), Is.True);
        foreach (SessionClient client in clients)
            client.Dispose();
    }

    [Test]
    public async Task The_user_of_this_process_is_trusted()
    {
        Start(maxConnections: 1);
        using SessionClient client = await ConnectAsync();

        Assert.That(client.Handshake.Trust, Is.EqualTo(Trust.Trusted));
    }

    [Test]
    public async Task A_client_beyond_the_limit_is_served_when_another_leaves()
    {
        Start(maxConnections: 1);
        Socket first = Connect();
        using SessionClient served = await SessionClient.ConnectAsync(new NetworkStream(first), new NetworkStream(first));
        using Socket second = Connect();
        await _log.WaitForAsync(TooManyConnections);
        Task<SessionClient> waiting = SessionClient.ConnectAsync(new NetworkStream(second), new NetworkStream(second));
        Assert.That(await served.IsValidPathAsync(SampleStore.Top), Is.True);
        Assert.That(waiting.IsCompleted, Is.False);
        first.Dispose();

        using SessionClient client = await waiting.InTime();
        Assert.That(await client.IsValidPathAsync(SampleStore.Top), Is.True);
    }

    [Test]
    public async Task Clients_of_one_socket_do_not_keep_those_of_another_one_waiting()
    {
        Start(maxConnections: 1, "socket", "second");
        Socket first = Connect();
        await ServeAsync(first);
        Dictionary<Task, Socket> waiting = [];
        for (int i = 0; i < 6; i++)
            _ = Wait("socket");
        Task other = Wait("second");

        List<Task> inOrder = [];
        Socket served = first;
        while (waiting.Count > 0)
        {
            served.Dispose();
            Task next = await Task.WhenAny(waiting.Keys).InTime();
            await next;
            waiting.Remove(next, out served!);
            inOrder.Add(next);
        }

        served.Dispose();
        Assert.That(inOrder.IndexOf(other), Is.LessThanOrEqualTo(2));

        Task Wait(string name)
        {
            Socket socket = Connect(name);
            Task serving = ServeAsync(socket);
            waiting.Add(serving, socket);
            return serving;
        }

        static async Task ServeAsync(Socket socket)
        {
            using SessionClient client = await SessionClient.ConnectAsync(new NetworkStream(socket), new NetworkStream(socket));
        }
    }

    [Test]
    public async Task A_reply_is_finished_while_the_daemon_drains_and_its_socket_is_gone_already()
    {
        string contents = new('x', 8 << 20);
        _store.WriteFile(SampleStore.Top, contents);
        Start(maxConnections: 10);
        using SessionClient client = await ConnectAsync();
        await client.AskAsync(Operation.NarFromPath, SampleStore.Top);
        _shutdown.Request();
        await Patience.UntilAsync(() => !File.Exists(_directory["socket"]));
        Assert.That(_running.IsCompleted, Is.False);
        foreach (string token in new[] { "nix-archive-1", "(", "type", "regular", "contents", contents, ")" })
            Assert.That(await client.Reader.ReadStringAsync(contents.Length, default).AsTask().InTime(), Is.EqualTo(token));

        Assert.That(await client.IsClosedAsync(), Is.True);
        await _running.InTime();
    }

    [Test]
    public async Task A_second_signal_ends_an_unread_reply()
    {
        _store.WriteFile(SampleStore.Top, new string('x', 8 << 20));
        Start(maxConnections: 10);
        using SessionClient client = await ConnectAsync();
        await client.AskAsync(Operation.NarFromPath, SampleStore.Top);
        _shutdown.Request();
        _shutdown.Request();

        await _running.InTime();
    }

    [Test]
    public async Task A_collection_ends_with_its_client()
    {
        using LockFile other = LockFile.Open($"{_store.StateDirectory}/gc.lock");
        other.LockExclusive();
        Start(maxConnections: 10);
        using (SessionClient client = await ConnectAsync())
        {
            client.Writer.WriteUInt64((uint)Operation.CollectGarbage);
            CollectGarbageRequestCodec.Write(client.Writer, client.Context, new CollectGarbageRequest { Action = GcAction.DeleteDead });
            await client.Writer.FlushAsync(default);
        }

        await Patience.UntilAsync(() => _log.Entries.Any(entry => entry.Message.Contains("closed", StringComparison.Ordinal)));
    }

    private void Start(int maxConnections, params string[] sockets)
    {
        string[] names = sockets.Length > 0 ? sockets : ["socket"];
        SessionServices services = new()
        {
            Store = _store.Services,
            NixVersion = "2.34.8 (test)",
            HandshakeTimeout = TimeSpan.FromMinutes(1),
            Time = TimeProvider.System,
            Logger = _log.CreateLogger("session"),
        };
        _sessions = new SessionFactory(services, TrustPolicy.Create(null, ["*"], "", Harmonia.Daemon.Interop.Libc.GetEffectiveUserId()));
        _server = new UnixSocketServer(
            [.. names.Select(name => UnixSocketListener.Open(_directory[name], (UnixFileMode)0b110_110_110))],
            _sessions,
            maxConnections,
            TimeProvider.System,
            _log.CreateLogger("server"));
        _running = Task.Run(() => _server.RunAsync(_shutdown));
    }

    private Socket Connect(string name = "socket")
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_directory[name]));
        return socket;
    }

    private async Task<SessionClient> ConnectAsync()
    {
        NetworkStream stream = new(Connect(), ownsSocket: true);
        return await SessionClient.ConnectAsync(stream, stream);
    }
}
