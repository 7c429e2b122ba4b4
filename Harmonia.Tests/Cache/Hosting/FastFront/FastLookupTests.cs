using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Cache.Hosting.FastFront.FastFrontRequests;

namespace Harmonia.Tests.Cache.Hosting.FastFront;

/// <summary>Narinfos that the fast front has to ask the daemon for, over real connections.</summary>
public sealed class FastLookupTests
{
    private CacheInMemory _cache = null!;
    private NetworkStream _connection = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync(new CacheOptions());
        _connection = await _cache.ConnectAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _connection.DisposeAsync();
        await _cache.DisposeAsync();
    }

    [Test]
    public async Task A_short_narinfo_is_not_compressed()
    {
        Add(1, references: 40);

        RawResponse response = await AskAsync(_connection, Request(UrlOf(1), "Accept-Encoding: zstd, br, gzip\r\n"));

        Assert.That(response.Head, Does.Contain(ByFastFront).And.Not.Contain("Content-Encoding").And.Not.Contain("Vary"));
    }

    [TestCase("")]
    [TestCase(Unusual)]
    public async Task A_daemon_that_is_gone_has_the_same_response_on_both_fronts(string headers)
    {
        _cache.Catalog.Failure = new DaemonUnavailableException("away", new IOException());

        RawResponse response = await AskAsync(_connection, Request(UrlOf(1), headers));
        _cache.Catalog.Failure = null;
        Add(1);
        RawResponse next = await AskAsync(_connection, Request(UrlOf(1), headers));

        Assert.That(response.Head, Does.StartWith("HTTP/1.1 503 ").And.Contain("Retry-After: ").And.Contain(headers.Length == 0 ? ByFastFront : ByKestrel));
        Assert.That(next.Head, Does.StartWith("HTTP/1.1 200 "));
    }

    [Test]
    public async Task What_has_to_be_asked_keeps_its_place_among_pipelined_requests()
    {
        const int Count = 40;
        for (int number = 1; number <= Count; number += 2)
            Add(number);

        await _connection.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(
            Enumerable.Range(1, Count).Select(number => Request(UrlOf(number)) + Request("/version")))));

        for (int number = 1; number <= Count; number++)
        {
            RawResponse response = await RawResponse.ReadAsync(_connection);
            Assert.That(response.Head, Does.StartWith(number % 2 == 1 ? "HTTP/1.1 200 " : "HTTP/1.1 404 "));
            if (number % 2 == 1)
                Assert.That(Encoding.ASCII.GetString(response.Body), Does.Contain(FakeStore.Hash(number).ToString()));
            Assert.That((await RawResponse.ReadAsync(_connection)).Head, Does.Contain("Content-Type: text/plain"));
        }
    }

    [Test]
    public async Task A_path_in_quarantine_is_not_served_from_memory()
    {
        ValidPathInfo path = _cache.AddFile("file", [1, 2, 3]);
        string request = Request($"/{path.Path.Hash}.narinfo");
        Assert.That((await AskAsync(_connection, request)).Head, Does.StartWith("HTTP/1.1 200 "));

        File.WriteAllBytes(_cache.FileOf(path.Path), [3, 2, 1]);
        using HttpResponseMessage nar = await _cache.GetAsync(CacheInMemory.NarUrl(path));

        Assert.That((int)nar.StatusCode, Is.EqualTo(404));
        Assert.That((await AskAsync(_connection, request)).Head, Does.StartWith("HTTP/1.1 404 "));
    }

    private static string UrlOf(int number) => $"/{FakeStore.Hash(number)}.narinfo";

    private void Add(int number, int references = 0)
    {
        StorePath path = FakeStore.PathOf(FakeStore.Hash(number));
        _cache.Catalog.Add(new ValidPathInfo
        {
            Path = path,
            Info = FakeStore.InfoOf(path) with
            {
                NarSize = 1000,
                References = [.. Enumerable.Range(200, references).Select(other => FakeStore.PathOf(FakeStore.Hash(other)))],
            },
        });
    }
}
