using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

public sealed class LoadLimitsTests
{
    // More than the buffers of both sides hold, so that a client which does not read keeps its stream.
    private const int LargeFile = 64 * 1024 * 1024;

    [Test]
    public async Task A_NAR_too_many_is_503_with_the_time_to_try_again_and_the_next_one_is_served()
    {
        await using CacheInMemory cache = await CacheInMemory.StartAsync(new CacheOptions { MaxNarStreams = 1, LogLevel = LogLevel.Debug });
        ValidPathInfo large = cache.AddFile("large", new byte[LargeFile]);
        ValidPathInfo small = cache.AddFile("small", [1]);
        await using (await BeginAsync(cache, CacheInMemory.NarUrl(large)))
        {
            using HttpResponseMessage refused = await cache.GetAsync(CacheInMemory.NarUrl(small));
            using HttpResponseMessage escaped = await cache.GetAsync(CacheInMemory.NarUrl(small).Replace("/nar/", "/%6ear/", StringComparison.Ordinal));
            using HttpResponseMessage other = await cache.GetAsync("/nix-cache-info");

            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(refused.Headers.RetryAfter?.Delta, Is.Not.Null);
            CapturedLogEntry entry = await cache.Log.WaitForAsync(147);
            Assert.That(entry.Message, Does.Contain("max_nar_streams").And.EndsWith($"[{refused.Headers.GetValues("X-Request-Id").Single()}]"));
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

    [Test]
    public async Task A_client_that_stops_reading_is_cut_off_and_makes_room()
    {
        FakeTime time = new();
        await using CacheInMemory cache = await CacheInMemory.StartAsync(
            new CacheOptions { MaxNarStreams = 1, MinSendRate = 1000 }, time);
        ValidPathInfo large = cache.AddFile("large", new byte[LargeFile]);
        ValidPathInfo small = cache.AddFile("small", [1]);
        await using NetworkStream stalled = await BeginAsync(cache, CacheInMemory.NarUrl(large));

        // Until the buffers of both sides are full, a piece waits only for a moment.
        Task<CapturedLogEntry> cut = cache.Log.WaitForAsync(149);
        await Patience.UntilAsync(() =>
        {
            if (time.PendingTimers > 0)
                time.Advance(TimeSpan.FromMinutes(1));
            return cut.IsCompleted;
        });

        Assert.That((await cut).Message, Does.StartWith(CacheInMemory.NarUrl(large)));
        Assert.That(await EventuallyAsync(cache, CacheInMemory.NarUrl(small)), Is.EqualTo(HttpStatusCode.OK));
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
        HttpStatusCode status = default;
        await Patience.UntilAsync(async () =>
        {
            using HttpResponseMessage response = await cache.GetAsync(url);
            status = response.StatusCode;
            return status != HttpStatusCode.ServiceUnavailable;
        });
        return status;
    }
}
