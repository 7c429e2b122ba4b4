using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Cache.Hosting.FastFront.FastFrontRequests;

namespace Harmonia.Tests.Cache.Hosting;

/// <summary>Requests over TLS: who responds, and what arrives.</summary>
public sealed class TlsFrontTests
{
    private CacheInMemory _cache = null!;
    private ValidPathInfo _path = null!;
    private ValidPathInfo _tree = null!;
    private byte[] _nar = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync(new CacheOptions(), SelfSignedCertificate.Make());
        _path = _cache.AddFile("small", "small"u8.ToArray());
        _tree = _cache.Add("tree", root =>
        {
            Directory.CreateDirectory(root);
            foreach (int length in (int[])[0, 5, FileBody.MinZeroCopyLength, (3 * 1024 * 1024) + 1])
                File.WriteAllBytes(Path.Combine(root, $"{length}"), Contents(length));
        });
        _nar = _cache.Dump(_tree.Path);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [Test]
    public async Task The_fast_front_responds_with_the_bytes_of_Kestrel()
    {
        await using SslStream client = await ConnectAsync(SslApplicationProtocol.Http11);
        foreach (string url in (string[])["/nix-cache-info", $"/{_path.Path.Hash}.narinfo", CacheInMemory.NarUrl(_path)])
        {
            await AskAsync(client, Request(url));
            RawResponse fast = await AskAsync(client, Request(url));
            RawResponse slow = await AskAsync(client, Request(url, Unusual));

            Assert.That(fast.Head, Does.StartWith("HTTP/1.1 200 OK\r\n").And.Contain(ByFastFront), url);
            Assert.That(slow.Head, Does.Contain(ByKestrel), url);
            Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)), url);
            Assert.That(fast.Body, Is.EqualTo(slow.Body), url);
        }
    }

    [Test]
    public async Task A_client_that_negotiates_nothing_gets_HTTP_1_1_from_the_fast_front()
    {
        await using SslStream client = await ConnectAsync();

        Assert.That((await AskAsync(client, Request("/health"))).Head, Does.StartWith("HTTP/1.1 200 OK\r\n").And.Contain(ByFastFront));
    }

    [TestCase("")]
    [TestCase("Connection: close\r\n")]
    public async Task A_request_without_TLS_gets_no_answer(string header) =>
        Assert.That(await _cache.SendRawAsync(Request("/health", header)).InTime(), Does.Not.Contain("HTTP/1.1"));

    [Test]
    public async Task A_head_in_several_records_is_left_to_Kestrel()
    {
        await using SslStream client = await ConnectAsync();
        string request = Request("/health");
        await client.WriteAsync(Encoding.ASCII.GetBytes(request[..9]));

        RawResponse response = await AskAsync(client, request[9..]);
        RawResponse next = await AskAsync(client, request);

        Assert.That(response.Head, Does.StartWith("HTTP/1.1 200 OK\r\n"));
        Assert.That(response.Body, Is.EqualTo("OK\n"u8.ToArray()));
        Assert.That(next.Head, Does.Contain(ByFastFront));
    }

    [Test]
    public async Task Requests_that_are_sent_at_once_are_answered_in_order()
    {
        await using SslStream client = await ConnectAsync();
        string nar = Request(CacheInMemory.NarUrl(_tree));
        await client.WriteAsync(Encoding.ASCII.GetBytes(Request("/health") + nar + Request("/version") + nar + Request("/health", Unusual)));

        RawResponse[] responses = new RawResponse[5];
        for (int at = 0; at < responses.Length; at++)
            responses[at] = await RawResponse.ReadAsync(client);

        Assert.That(responses[0].Body, Is.EqualTo("OK\n"u8.ToArray()));
        Assert.That(responses[1].Body.AsSpan().SequenceEqual(_nar));
        Assert.That(Encoding.ASCII.GetString(responses[2].Body), Does.Contain("harmonia"));
        Assert.That(responses[3].Body.AsSpan().SequenceEqual(_nar));
        Assert.That(responses[4].Body, Is.EqualTo("OK\n"u8.ToArray()));
    }

    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task NARs_and_their_parts_have_the_same_bytes_in_each_version_of_HTTP(string version)
    {
        using HttpClient client = Client(Version.Parse(version));
        Random random = new(1);
        for (int count = 0; count < 100; count++)
        {
            int first = count < 2 ? 0 : random.Next(_nar.Length);
            int last = count < 2 ? _nar.Length - 1 : Math.Min(_nar.Length - 1, first + random.Next(count % 2 == 0 ? 1000 : 500_000));
            using HttpRequestMessage request = new(HttpMethod.Get, CacheInMemory.NarUrl(_tree))
            {
                Version = client.DefaultRequestVersion,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            if (count >= 2)
                request.Headers.Range = new(first, last);

            using HttpResponseMessage response = await client.SendAsync(request).InTime();

            byte[] body = await response.Content.ReadAsByteArrayAsync().InTime();
            Assert.That(response.StatusCode, Is.EqualTo(count < 2 ? HttpStatusCode.OK : HttpStatusCode.PartialContent));
            Assert.That(body.AsSpan().SequenceEqual(_nar.AsSpan(first..(last + 1))), $"{first}-{last}");
        }
    }

    [Test]
    public async Task Downloads_at_the_same_time_over_one_connection_of_HTTP_2_are_complete()
    {
        using HttpClient client = Client(HttpVersion.Version20);

        byte[][] bodies = await Task.WhenAll(Enumerable.Range(0, 20).Select(count =>
            client.GetByteArrayAsync(new Uri(count % 2 == 0 ? CacheInMemory.NarUrl(_tree) : "/health", UriKind.Relative)))).InTime();

        for (int count = 0; count < bodies.Length; count++)
            Assert.That(bodies[count].AsSpan().SequenceEqual(count % 2 == 0 ? _nar : "OK\n"u8), $"{count}");
    }

    [Test]
    public async Task A_client_that_takes_little_at_a_time_gets_every_byte()
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(_cache.EndPoint);
        await using SslStream client = await SelfSignedCertificate.AuthenticateAsync(new NetworkStream(socket));
        await client.WriteAsync(Encoding.ASCII.GetBytes(Request(CacheInMemory.NarUrl(_tree))));
        await RawResponse.ReadHeadAsync(client);

        byte[] body = new byte[_nar.Length];
        for (int received = 0; received < body.Length;)
        {
            int read = await client.ReadAsync(body.AsMemory(received, Math.Min(1500, body.Length - received))).AsTask().InTime();
            Assert.That(read, Is.Positive);
            received += read;
        }

        Assert.That(body.AsSpan().SequenceEqual(_nar));
    }

    [Test]
    public async Task A_file_that_shrinks_while_it_is_sent_never_ends_a_body()
    {
        ValidPathInfo path = _cache.AddFile("shrinking", Contents(64 * 1024 * 1024));
        string url = CacheInMemory.NarUrl(path);
        await using SslStream first = await ConnectAsync();
        await AskAsync(first, Request(url));
        await using SslStream client = await ConnectAsync();
        await client.WriteAsync(Encoding.ASCII.GetBytes(Request(url)));
        await RawResponse.ReadHeadAsync(client);

        await using (FileStream file = File.OpenWrite(_cache.FileOf(path.Path)))
            file.SetLength(40 * 1024 * 1024);

        long received = await ReadToEndAsync(client);
        Assert.That(received, Is.LessThan((long)path.Info.NarSize));
    }

    private static async Task<long> ReadToEndAsync(Stream stream)
    {
        byte[] buffer = new byte[64 * 1024];
        long received = 0;
        try
        {
            for (int read = 1; read > 0; received += read)
                read = await stream.ReadAsync(buffer).AsTask().InTime();
        }
        catch (IOException)
        {
            // The server has ended the connection.
        }

        return received;
    }

    private static byte[] Contents(int length)
    {
        byte[] contents = new byte[length];
        new Random(length).NextBytes(contents);
        return contents;
    }

    private HttpClient Client(Version version)
    {
        SocketsHttpHandler handler = new() { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://{_cache.EndPoint}"),
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private async Task<SslStream> ConnectAsync(params SslApplicationProtocol[] protocols) =>
        await SelfSignedCertificate.AuthenticateAsync(await _cache.ConnectAsync(), protocols);
}
