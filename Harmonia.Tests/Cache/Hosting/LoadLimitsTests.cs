using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

public sealed class LoadLimitsTests
{
    // More than the buffers of both sides hold, so that a client which does not read keeps its stream.
    private const int LargeFile = 64 * 1024 * 1024;

    [Test]
    public async Task A_NAR_too_many_is_503_with_the_time_to_try_again_and_the_next_one_is_served()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync(new CacheOptions { MaxNarStreams = 1 });
        ValidPathInfo large = cache.AddFile("large", new byte[LargeFile]);
        ValidPathInfo small = cache.AddFile("small", [1]);
        await using (await BeginAsync(cache, CacheInMemory.NarUrl(large)))
        {
            using HttpResponseMessage refused = await cache.GetAsync(CacheInMemory.NarUrl(small));
            using HttpResponseMessage escaped = await cache.GetAsync(CacheInMemory.NarUrl(small).Replace("/nar/", "/%6ear/", StringComparison.Ordinal));
            using HttpResponseMessage other = await cache.GetAsync("/nix-cache-info");

            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(refused.Headers.RetryAfter?.Delta, Is.Not.Null);
            Assert.That(escaped.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        Assert.That(await EventuallyAsync(cache, CacheInMemory.NarUrl(small)), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_connection_too_many_is_503_and_closed()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync(new CacheOptions { Workers = 1, MaxConnections = 1 });
        await using NetworkStream first = await BeginAsync(cache, "/health");

        string answer = await cache.SendRawAsync("GET /nix-cache-info HTTP/1.1\r\nHost: a\r\n\r\n").InTime();

        Assert.That(answer, Does.StartWith("HTTP/1.1 503 ").And.Contain("Retry-After: ").And.Contain("Connection: close"));
    }

    [Test]
    public async Task Headers_and_URLs_too_long_are_answered_at_once()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync(new CacheOptions());

        string url = await cache.SendRawAsync($"GET /{new string('a', 8192)} HTTP/1.1\r\nHost: a\r\n\r\n").InTime();
        string header = await cache.SendRawAsync($"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 32768)}\r\n\r\n").InTime();

        Assert.That(url, Does.StartWith("HTTP/1.1 414 "));
        Assert.That(header, Does.StartWith("HTTP/1.1 431 "));
    }

    // Sends a request and reads the first bytes of the answer, no more.
    private static async Task<NetworkStream> BeginAsync(CacheInMemory cache, string url)
    {
        NetworkStream stream = await cache.ConnectAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {url} HTTP/1.1\r\nHost: a\r\n\r\n"));
        byte[] start = new byte[15];
        await stream.ReadExactlyAsync(start);
        Assert.That(Encoding.ASCII.GetString(start), Is.EqualTo("HTTP/1.1 200 OK"));
        return stream;
    }

    // The server notices in its own time that the client is gone.
    private static async Task<HttpStatusCode> EventuallyAsync(CacheInMemory cache, string url)
    {
        for (int attempt = 0; ; attempt++)
        {
            using HttpResponseMessage response = await cache.GetAsync(url);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == 1000)
                return response.StatusCode;
            await Task.Yield();
        }
    }
}
