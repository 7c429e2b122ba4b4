using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

/// <summary>
/// Every status of an error over a raw socket: none tells of this machine or of the program's insides, and none may be stored by a cache
/// on the way.
/// </summary>
public sealed class ErrorAnswerTests
{
    private const string Secret = "/secret/path";

    private CacheInMemory _cache = null!;
    private ValidPathInfo _file = null!;
    private ValidPathInfo _gone = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync();
        _file = _cache.AddFile("file", [1, 2, 3]);
        _gone = _cache.AddFile("gone", [4, 5, 6]);
        File.Delete(_cache.FileOf(_gone.Path));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [TearDown]
    public void MendCatalog() => _cache.Catalog.Failure = null;

    private string Narinfo => $"/{_file.Path.Hash}.narinfo";

    [Test]
    public async Task Bad_requests_are_400()
    {
        await AssertRefusedAsync(400, $"{Narinfo}?json&json");
        await AssertRefusedAsync(400, $"{CacheInMemory.NarUrl(_file)}?hash=a&hash=b");
        // Kestrel refuses these before our code sees them.
        await AssertTellsNothingAsync(400, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        await AssertTellsNothingAsync(400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n");
        await AssertTellsNothingAsync(400, "GET /%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await AssertTellsNothingAsync(400, "nonsense\r\n\r\n");
        await AssertTellsNothingAsync(505, "GET / HTTP/9.9\r\nHost: a\r\n\r\n");
    }

    [Test]
    public async Task What_is_not_there_is_404()
    {
        string[] targets =
        [
            "/unknown", "/unknown/", "/health/", "//", "/nar/", "/serve/", $"/{new string('z', 32)}.narinfo", $"/{new string('z', 32)}.ls",
            $"/serve/{new string('z', 32)}/x", $"/serve/{_file.Path.Hash}/x", $"/serve/{_gone.Path.Hash}/", $"/{_gone.Path.Hash}.ls",
            $"/log/{new string('z', 32)}", $"/realisations/sha256:{new string('0', 64)}!out.doi",
            $"/build-trace-v2/{new string('z', 32)}-x.drv/out.doi",
            CacheInMemory.NarUrl(_gone), $"/nar/{_file.Path.Hash}-{new string('0', 52)}.nar",
        ];
        foreach (string target in targets)
            await AssertRefusedAsync(404, target);
    }

    [TestCase("..%2f..%2fetc%2fpasswd")]
    [TestCase("%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [TestCase("../../etc/passwd")]
    [TestCase("11111111111111111111111111111111%2f..%2fx")]
    [TestCase("1111111111111111111111111111111%00")]
    [TestCase("1111111111111111111111111111111")]
    [TestCase("111111111111111111111111111111111")]
    [TestCase("1111111111111111111111111111111E")]
    [TestCase("%c3%28")]
    [TestCase("%")]
    [TestCase("overlong")]
    public async Task A_malformed_hash_is_a_client_error_in_every_URL(string hash)
    {
        if (hash == "overlong")
            hash = new string('1', 3000);
        string narHash = _file.Info.NarHash.ToBase32();
        foreach (string target in (string[])[
            $"/{hash}.narinfo", $"/{hash}.ls", $"/log/{hash}", $"/serve/{hash}/", $"/serve/{hash}", $"/nar/{narHash}.nar?hash={hash}",
            $"/nar/{hash}-{narHash}.nar", $"/nar/{hash}.nar", $"/realisations/{hash}.doi", $"/build-trace-v2/{hash}/out.doi"])
        {
            string response = await _cache.SendRawAsync(Get(target)).InTime();

            Assert.That(response, Does.Match("^HTTP/1.1 4[0-9][0-9] "), target);
            AssertTellsNothing(response);
        }
    }

    [Test]
    public async Task Other_refusals_say_no_more_than_their_name()
    {
        string nar = CacheInMemory.NarUrl(_file);
        await AssertTellsNothingAsync(405, $"DELETE {Narinfo} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await AssertTellsNothingAsync(413, $"GET {Narinfo} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
        await AssertTellsNothingAsync(414, $"GET /{new string('a', 8192)} HTTP/1.1\r\nHost: a\r\n\r\n");
        await AssertTellsNothingAsync(416, $"GET {nar} HTTP/1.1\r\nHost: a\r\nRange: bytes=999999-\r\nConnection: close\r\n\r\n");
        await AssertTellsNothingAsync(431, $"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 32768)}\r\n\r\n");

        await using CacheInMemory closed = await CacheInMemory.StartAsync(new CacheOptions(), new CredentialList([]));
        string response = await closed.SendRawAsync(Get("/")).InTime();
        Assert.That(response, Does.StartWith("HTTP/1.1 401 "));
        AssertTellsNothing(response);
    }

    [Test]
    public async Task Failures_of_the_store_are_503_and_bugs_500_without_their_words()
    {
        (int, Exception)[] failures =
        [
            (503, new DaemonUnavailableException(Secret)),
            (503, new DaemonRefusedException(Secret)),
            (503, new TimeoutException(Secret)),
            (503, new RemoteErrorException(new RemoteError { Message = $"cannot open {Secret}" })),
            (404, new IOException(Secret)),
            (500, new InvalidOperationException(Secret)),
            (500, new FormatException(Secret)),
        ];
        foreach ((int status, Exception failure) in failures)
        {
            _cache.Catalog.Failure = failure;
            foreach (string target in (string[])[Narinfo, $"/{_file.Path.Hash}.ls", CacheInMemory.NarUrl(_file), $"/serve/{_file.Path.Hash}/"])
                await AssertRefusedAsync(status, target);
        }
    }

    private static string Get(string target) => $"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private async Task AssertRefusedAsync(int status, string target)
    {
        string response = await AssertTellsNothingAsync(status, Get(target));

        Assert.That(response, Does.Contain("\r\nCache-Control: no-store\r\n"), target);
        Assert.That(response, Does.Contain("\r\nX-Request-Id: "), target);
    }

    private async Task<string> AssertTellsNothingAsync(int status, string request)
    {
        string response = await _cache.SendRawAsync(request).InTime();

        Assert.That(response, Does.StartWith($"HTTP/1.1 {status} "), request[..Math.Min(request.Length, 200)]);
        AssertTellsNothing(response);
        return response;
    }

    private void AssertTellsNothing(string response)
    {
        foreach (string word in (string[])[
            Secret, _cache.RealStore, "/nix", "/tmp", "Exception", "   at ", "No such file", "Kestrel", "System.", "Microsoft", "passwd"])
        {
            Assert.That(response, Does.Not.Contain(word));
        }
    }
}
