using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Hosting;
using Harmonia.Cache.Hosting.FastFront;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Cache.Hosting.FastFront.FastFrontRequests;

namespace Harmonia.Tests.Cache.Hosting.FastFront;

/// <summary>Connections with one request, and what a first look at others does. The ids of fast responses begin with 8.</summary>
public sealed class LoneRequestTests
{
    private const string Close = "Connection: close\r\n";
    private const string FastConnection = "X-Request-Id: [89A-F]";

    private readonly StoreFreshness _freshness = new(TimeSpan.FromDays(1), TimeProvider.System);
    private CacheInMemory _cache = null!;
    private ValidPathInfo _path = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync(new CacheOptions { AccessLog = true, Workers = 1, MaxConnections = 2 }, _freshness);
        _path = _cache.AddFile("small", new byte[60_000]);
        await _cache.SendRawAsync(Request(CacheInMemory.NarUrl(_path), Close));
        await _cache.SendRawAsync(Request($"/{_path.Path.Hash}.narinfo", Close));
    }

    [TearDown]
    public Task StopAsync() => _cache.DisposeAsync().AsTask();

    [TestCase("GET", "")]
    [TestCase("HEAD", "")]
    [TestCase("GET", "If-None-Match: *\r\n")]
    [TestCase("GET", "If-Match: \"other\"\r\n")]
    public async Task The_response_has_the_same_bytes_on_both_fronts(string method, string headers)
    {
        foreach (string url in new[] { "/nix-cache-info", $"/{_path.Path.Hash}.narinfo", CacheInMemory.NarUrl(_path) })
        {
            string fast = await _cache.SendRawAsync(Request(url, Close + headers, method)).InTime();
            string slow = await _cache.SendRawAsync(Request(url, Close + headers + Unusual, method)).InTime();

            Assert.That(fast, Does.Match(FastConnection).And.Contain(ByFastFront).And.Contain(Close), url);
            Assert.That(slow, Does.Not.Match(FastConnection).And.Contain(ByKestrel), url);
            Assert.That(Settled(fast), Is.EqualTo(Settled(slow)), url);
        }
    }

    [TestCase("/")]
    [TestCase("/unknown")]
    public async Task What_is_not_in_memory_is_Kestrels(string url)
    {
        string response = await _cache.SendRawAsync(Request(url, Close)).InTime();

        Assert.That(response, Does.Contain(ByKestrel).And.Contain(Close));
    }

    [Test]
    public async Task A_head_in_pieces_is_Kestrels()
    {
        await using NetworkStream connection = await _cache.ConnectAsync();
        string request = Request("/nix-cache-info", Close);
        await connection.WriteAsync(Encoding.ASCII.GetBytes(request[..20]));
        await Task.Delay(TimeSpan.FromMilliseconds(50));
        await connection.WriteAsync(Encoding.ASCII.GetBytes(request[20..]));

        RawResponse response = await RawResponse.ReadAsync(connection);

        Assert.That(response.Head, Does.Contain(Close).And.Not.Match(FastConnection));
    }

    [Test]
    public async Task More_than_one_request_is_Kestrels()
    {
        string responses = await _cache.SendRawAsync(Request("/health", Close) + Request("/version", Close)).InTime();

        Assert.That(responses, Does.Contain(Close).And.Not.Match(FastConnection));
    }

    [TestCase(0)]
    [TestCase(100)]
    [TestCase(2_500)]
    public async Task A_connection_may_be_silent_at_first(int milliseconds)
    {
        await using NetworkStream lone = await _cache.ConnectAsync();
        await using NetworkStream kept = await _cache.ConnectAsync();
        await Task.Delay(milliseconds);

        RawResponse first = await AskAsync(kept, Request("/health"));
        RawResponse second = await AskAsync(kept, Request("/nix-cache-info", Unusual));
        RawResponse only = await AskAsync(lone, Request("/nix-cache-info", Close));
        int end = await lone.ReadAsync(new byte[1]).AsTask().InTime();

        Assert.That(first.Head, Does.Contain(ByFastFront).And.Not.Match(FastConnection));
        Assert.That(second.Head, Does.Contain(ByKestrel));
        Assert.That(only.Head, Does.StartWith("HTTP/1.1 200 OK\r\n").And.Contain(Close));
        Assert.That(only.Body, Is.EqualTo(second.Body));
        Assert.That(end, Is.Zero);
    }

    [Test]
    public async Task Beyond_the_limit_of_connections_Kestrel_refuses()
    {
        await using NetworkStream first = await _cache.ConnectAsync();
        await AskAsync(first, Request("/health"));
        string within = await _cache.SendRawAsync(Request("/health", Close)).InTime();
        await using NetworkStream second = await _cache.ConnectAsync();
        await AskAsync(second, Request("/health"));

        string beyond = await _cache.SendRawAsync(Request("/health", Close)).InTime();

        Assert.That(within, Does.StartWith("HTTP/1.1 200 OK\r\n").And.Match(FastConnection));
        Assert.That(beyond, Does.StartWith("HTTP/1.1 503 "));
    }

    [Test]
    public async Task Figures_and_access_log_are_the_same_on_both_fronts()
    {
        string url = CacheInMemory.NarUrl(_path);
        List<string[]> logs = new();
        List<string[]> counts = new();
        foreach (string headers in new[] { "", Unusual })
        {
            string[] before = await CountsAsync(_cache);
            int lines = AccessLogOf(_cache, ".nar").Length;
            await _cache.SendRawAsync(Request(url, Close + headers)).InTime();
            await Patience.UntilAsync(() => AccessLogOf(_cache, ".nar").Length > lines);
            logs.Add(AccessLogOf(_cache, ".nar")[lines..]);
            counts.Add([.. (await CountsAsync(_cache)).Except(before).Select(line => line.Split(' ')[0])]);
        }

        Assert.That(logs[0], Is.EqualTo(logs[1]).And.Length.EqualTo(1));
        Assert.That(counts[0], Is.EqualTo(counts[1]).And.Not.Empty);
    }

    [Test]
    public async Task A_response_for_which_the_kernel_has_no_room_is_sent_when_the_client_reads()
    {
        (Socket client, Socket server) = await ConnectAsync(bufferSize: 4096);
        using NetworkStream stream = new(client, ownsSocket: true);
        LoneRequestResponder responder = new(_cache.Host.FastFront, new ConnectionLimit(0));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Request(CacheInMemory.NarUrl(_path), Close)));

        FirstLook seen = FirstLook.Silent;
        await Patience.UntilAsync(() => (seen = responder.Look(server)) != FirstLook.Silent);
        RawResponse response = await RawResponse.ReadAsync(stream);

        Assert.That(seen, Is.EqualTo(FirstLook.Done));
        Assert.That(response.Body, Is.EqualTo(_cache.Dump(_path.Path)));
        Assert.That(await stream.ReadAsync(new byte[1]).AsTask().InTime(), Is.Zero);
    }

    [Test]
    public async Task A_server_that_stops_sends_the_rest_of_a_response()
    {
        (Socket client, Socket server) = await ConnectAsync(bufferSize: 4096);
        using NetworkStream stream = new(client, ownsSocket: true);
        LoneRequestResponder responder = new(_cache.Host.FastFront, new ConnectionLimit(0));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Request(CacheInMemory.NarUrl(_path), Close)));
        await Patience.UntilAsync(() => responder.Look(server) == FirstLook.Done);

        Task stopped = _cache.Host.StopAsync();
        await Task.WhenAny(stopped, Task.Delay(TimeSpan.FromMilliseconds(500)));
        bool isEarly = stopped.IsCompleted;
        RawResponse response = await RawResponse.ReadAsync(stream);
        await stopped.InTime();

        Assert.That(isEarly, Is.False);
        Assert.That(response.Body, Is.EqualTo(_cache.Dump(_path.Path)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_client_that_is_gone_is_not_Kestrels(bool hasAsked)
    {
        (Socket client, Socket server) = await ConnectAsync(bufferSize: 64 * 1024);
        LoneRequestResponder responder = new(_cache.Host.FastFront, new ConnectionLimit(0));
        Assert.That(responder.Look(server), Is.EqualTo(FirstLook.Silent));
        if (hasAsked)
            await client.SendAsync(Encoding.ASCII.GetBytes(Request("/health", Close)));
        client.Dispose();

        FirstLook seen = FirstLook.Silent;
        await Patience.UntilAsync(() => (seen = responder.Look(server)) != FirstLook.Silent);

        Assert.That(seen, Is.EqualTo(FirstLook.Done));
        Assert.That(server.SafeHandle.IsClosed);
    }

    private static async Task<(Socket Client, Socket Server)> ConnectAsync(int bufferSize)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = bufferSize };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = bufferSize };
        await client.ConnectAsync(listener.LocalEndPoint!);
        return (client, await listener.AcceptAsync());
    }
}
