using System.Net.Sockets;
using Harmonia.Daemon.Server;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Server;

/// <summary>How the daemon waits for the next request of a client.</summary>
public sealed class IdleClientsTests
{
    private static readonly byte[] Request = [1];

    private readonly List<Socket> _sockets = [];
    private TemporaryDirectory _directory = null!;
    private Socket _listener = null!;
    private IdleClients _idle = null!;

    [SetUp]
    public void Begin()
    {
        _directory = new TemporaryDirectory();
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(_directory["socket"]));
        _listener.Listen();
        _idle = new IdleClients(maxPatientThreads: 1);
    }

    [TearDown]
    public void End()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _idle.Dispose();
        _listener.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void A_request_that_is_there_ends_the_patient_wait()
    {
        (Socket client, Socket server) = Connect();
        client.Send(Request);

        Assert.That(_idle.WaitPatiently(server), Is.True);
    }

    [Test]
    public void The_patient_wait_ends_without_a_request() => Assert.That(_idle.WaitPatiently(Connect().Server), Is.False);

    [Test]
    public void No_more_threads_wait_patiently_than_allowed()
    {
        using IdleClients impatient = new(maxPatientThreads: 0);
        (Socket client, Socket server) = Connect();
        client.Send(Request);

        Assert.That(impatient.WaitPatiently(server), Is.False);
    }

    [Test]
    public void A_thread_that_has_waited_makes_room_for_another()
    {
        (Socket client, Socket server) = Connect();
        Assert.That(_idle.WaitPatiently(server), Is.False);
        client.Send(Request);

        Assert.That(_idle.WaitPatiently(server), Is.True);
    }

    [Test]
    public async Task A_request_wakes_its_client_and_no_other()
    {
        (Socket client, Socket server) = Connect();
        (Socket silent, Socket other) = Connect();
        Task waiting = WaitAsync(_idle.Enrol(), server);
        Task otherWaiting = WaitAsync(_idle.Enrol(), other);

        client.Send(Request);

        await waiting.InTime();
        Assert.That(otherWaiting.IsCompleted, Is.False);
        silent.Send(Request);
        await otherWaiting.InTime();
    }

    [Test]
    public async Task A_client_that_hangs_up_is_woken()
    {
        (Socket client, Socket server) = Connect();
        Task waiting = WaitAsync(_idle.Enrol(), server);

        client.Dispose();

        await waiting.InTime();
    }

    [Test]
    public async Task A_client_can_wait_again()
    {
        (Socket client, Socket server) = Connect();
        ulong name = _idle.Enrol();
        for (int n = 0; n < 3; n++)
        {
            Task waiting = WaitAsync(name, server, isKnown: n > 0);
            Assert.That(waiting.IsCompleted, Is.False);
            client.Send(Request);
            await waiting.InTime();
            Assert.That(server.Receive(new byte[1]), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task A_cancelled_wait_ends_and_can_be_repeated()
    {
        (Socket client, Socket server) = Connect();
        ulong name = _idle.Enrol();
        using CancellationTokenSource cancel = new();
        Task waiting = WaitAsync(name, server, cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        Assert.That(async () => await waiting.InTime(), Throws.InstanceOf<OperationCanceledException>());
        Task again = WaitAsync(name, server, isKnown: true);
        client.Send(Request);
        await again.InTime();
    }

    [Test]
    public async Task Many_clients_wait_on_one_thread()
    {
        (Socket Client, Socket Server)[] pairs = [.. Enumerable.Range(0, 200).Select(_ => Connect())];
        Task[] waiting = [.. pairs.Select(pair => WaitAsync(_idle.Enrol(), pair.Server))];
        foreach ((Socket client, _) in pairs)
        {
            client.Send(Request);
        }

        await Task.WhenAll(waiting).InTime();
    }

    [Test]
    public void The_size_of_the_thread_pool_stays_as_it_is()
    {
        ThreadPool.GetMinThreads(out int before, out _);
        using IdleClients another = IdleClients.Create();
        ThreadPool.GetMinThreads(out int after, out _);

        Assert.That(after, Is.EqualTo(before));
    }

    private Task WaitAsync(ulong name, Socket server, bool isKnown = false, CancellationToken cancellationToken = default) =>
        _idle.WaitAsync(name, server.SafeHandle, isKnown, cancellationToken);

    private (Socket Client, Socket Server) Connect()
    {
        Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(_directory["socket"]));
        Socket server = _listener.Accept();
        _sockets.AddRange([client, server]);
        return (client, server);
    }
}
