using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Http;
using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Cache.Hosting.FastFront.FastFrontRequests;

namespace Harmonia.Tests.Cache.Hosting.FastFront;

/// <summary>Requests on the fast front over real connections. Their ids begin with 8, which shows which front has responded.</summary>
public sealed class FastFrontTests
{
    private static readonly StorePathHash Missing = FakeStore.Hash(99);

    private readonly StoreFreshness _freshness = new(TimeSpan.FromDays(1), TimeProvider.System);
    private SecretKey _key = null!;
    private InMemoryCatalog _catalog = null!;
    private CacheInMemory _cache = null!;
    private NetworkStream _connection = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _key = SecretKey.Generate("first-1");
        _cache = await StartCacheAsync(new CacheOptions { AccessLog = true });
        _connection = await _cache.ConnectAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _connection.DisposeAsync();
        await _cache.DisposeAsync();
        _key.Dispose();
    }

    [TestCase("GET", 1, 0)]
    [TestCase("HEAD", 1, 0)]
    [TestCase("GET", 1, 40)]
    [TestCase("HEAD", 1, 40)]
    [TestCase("GET", 99, 0)]
    [TestCase("HEAD", 99, 0)]
    public async Task An_answer_has_the_same_bytes_on_both_fronts(string method, int number, int references)
    {
        Add(1, references);
        string url = UrlOf(FakeStore.Hash(number));
        bool hasBody = method == "GET";
        RawResponse first = await AskAsync(Request(url, "", method), hasBody);

        RawResponse fast = await AskAsync(Request(url, "", method), hasBody);
        RawResponse slow = await AskAsync(Request(url, Unusual, method), hasBody);

        Assert.That(first.Head, Does.Contain(ByFastFront), "It asks the daemon, too.");
        Assert.That(Settled(first.Head), Is.EqualTo(Settled(fast.Head)));
        Assert.That(fast.Head, Does.Contain(ByFastFront));
        Assert.That(slow.Head, Does.Contain(ByKestrel));
        Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)));
        Assert.That(fast.Body, Is.EqualTo(slow.Body));
    }

    [TestCase("/nix-cache-info")]
    [TestCase("/version")]
    [TestCase("/health")]
    public async Task What_never_changes_is_answered_on_the_fast_front(string url)
    {
        RawResponse fast = await AskAsync(Request(url));
        RawResponse head = await AskAsync(Request(url, method: "HEAD"), hasBody: false);
        RawResponse slow = await AskAsync(Request(url, Unusual));

        Assert.That(fast.Head, Does.Contain(ByFastFront));
        Assert.That(slow.Head, Does.Contain(ByKestrel));
        Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)).And.EqualTo(Settled(head.Head)));
        Assert.That(fast.Body, Is.EqualTo(slow.Body));
    }

    [TestCase("If-None-Match: *\r\n", "304 Not Modified", false)]
    [TestCase("If-Match: \"other\"\r\n", "412 Precondition Failed", true)]
    public async Task Conditions_have_the_same_responses_on_both_fronts(string header, string status, bool hasBody)
    {
        await WarmUpAsync();
        string url = UrlOf(FakeStore.Hash(1));

        RawResponse fast = await AskAsync(Request(url, header), hasBody);
        RawResponse slow = await AskAsync(Request(url, header + Unusual), hasBody);

        Assert.That(fast.Head, Does.StartWith($"HTTP/1.1 {status}\r\n").And.Contain(ByFastFront));
        Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)));
        Assert.That(fast.Body, Is.EqualTo(slow.Body));
    }

    [TestCase("/nix-cache-info?%41")]
    [TestCase("/nix%2dcache-info")]
    [TestCase("/nix-cache-info?'")]
    public async Task Unusual_bytes_in_a_target_are_left_to_Kestrel(string target) =>
        Assert.That((await AskAsync(Request(target))).Head, Does.Contain(ByKestrel));

    [TestCase("zstd, br, gzip, deflate, bzip2, xz", "zstd")]
    [TestCase("br;q=0.5, gzip", "gzip")]
    [TestCase("br", "br")]
    [TestCase("zstd;q=0, identity", null)]
    public async Task A_long_narinfo_has_the_same_coded_bytes_on_both_fronts(string accepted, string? coding)
    {
        Add(1, references: 100);
        string url = UrlOf(FakeStore.Hash(1));
        string header = $"Accept-Encoding: {accepted}\r\n";
        RawResponse plain = await AskAsync(Request(url));
        RawResponse first = await AskAsync(Request(url, header));

        RawResponse fast = await AskAsync(Request(url, header));
        RawResponse slow = await AskAsync(Request(url, header + Unusual));
        RawResponse head = await AskAsync(Request(url, header, "HEAD"), hasBody: false);

        Assert.That(fast.Head, Does.Contain(ByFastFront));
        Assert.That(slow.Head, Does.Contain(ByKestrel));
        Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)).And.EqualTo(Settled(head.Head)));
        Assert.That(fast.Body, Is.EqualTo(slow.Body).And.EqualTo(first.Body));
        Assert.That(coding is null ? fast.Body : await Decoding.UndoAsync(coding, fast.Body), Is.EqualTo(plain.Body));
    }

    [Test]
    public async Task A_coded_answer_goes_when_its_path_changes()
    {
        string request = Request(UrlOf(FakeStore.Hash(1)), "Accept-Encoding: gzip\r\n");
        ValidPathInfo path = Add(1, references: 100);
        await AskAsync(request);
        Assert.That((await AskAsync(request)).Head, Does.Contain(ByFastFront).And.Contain("Content-Encoding: gzip\r\n"));

        Add(1, references: 100, narSize: 123456);
        _freshness.Changed([path.Path.Hash]);
        RawResponse changed = await AskAsync(request);
        RawResponse again = await AskAsync(request);

        Assert.That(Encoding.ASCII.GetString(await Decoding.UndoAsync("gzip", changed.Body)), Does.Contain("NarSize: 123456"));
        Assert.That(again.Head, Does.Contain(ByFastFront));
        Assert.That(again.Body, Is.EqualTo(changed.Body));
    }

    [Test]
    public async Task Figures_and_access_log_are_the_same_on_both_fronts()
    {
        await using CacheInMemory other = await StartCacheAsync(new CacheOptions { AccessLog = true });
        await using NetworkStream otherConnection = await other.ConnectAsync();
        List<string> paths = new();
        foreach ((CacheInMemory cache, NetworkStream connection, string headers) in new[] { (_cache, _connection, ""), (other, otherConnection, Unusual) })
        {
            _catalog = OriginOf(cache);
            Add(1);
            for (int round = 0; round < 3; round++)
            {
                paths.Add((await AskAsync(Request(UrlOf(FakeStore.Hash(1)), headers), connection: connection)).Head);
                paths.Add((await AskAsync(Request(UrlOf(Missing), headers), connection: connection)).Head);
                paths.Add((await AskAsync(Request(UrlOf(FakeStore.Hash(1)), headers, "HEAD"), hasBody: false, connection: connection)).Head);
            }
        }

        Assert.That(paths.Count(head => head.Contains(ByFastFront, StringComparison.Ordinal)), Is.EqualTo(9));
        await Patience.UntilAsync(() => AccessLogOf(_cache, ".narinfo").Length >= 9 && AccessLogOf(other, ".narinfo").Length >= 9);
        Assert.That(AccessLogOf(_cache, ".narinfo"), Is.EqualTo(AccessLogOf(other, ".narinfo")));
        Assert.That(Statistics(_cache), Is.EqualTo(Statistics(other)));
        Assert.That(await CountsAsync(_cache), Is.EqualTo(await CountsAsync(other)).And.Not.Empty);
    }

    [Test]
    public async Task Pipelined_requests_of_all_kinds_are_answered_in_order()
    {
        await WarmUpAsync();
        string hit = UrlOf(FakeStore.Hash(1));
        (string Request, string By, string Status, bool HasBody)[] script =
        [
            (Request(hit), ByFastFront, "200 OK", true),
            (Request("/nix-cache-info"), ByFastFront, "200 OK", true),
            (Request("/health", method: "HEAD"), ByFastFront, "200 OK", false),
            (Request(UrlOf(Missing)), ByFastFront, "404 Not Found", true),
            (Request("/ready"), ByKestrel, "200 OK", true),
            (Request(hit, method: "HEAD"), ByFastFront, "200 OK", false),
            (Request("/ready", method: "HEAD"), ByKestrel, "200 OK", false),
            (Request(hit, "If-None-Match: *\r\n"), ByFastFront, "304 Not Modified", false),
            (Request(hit), ByFastFront, "200 OK", true),
            (Request($"{hit}?json"), ByKestrel, "200 OK", true),
            ("\r\n" + Request(hit), ByKestrel, "200 OK", true),
            (Request(hit), ByFastFront, "200 OK", true),
            (Request($"http://a{hit}"), ByKestrel, "200 OK", true),
            (Request(hit), ByFastFront, "200 OK", true),
        ];

        for (int round = 0; round < 3; round++)
            await _connection.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(script.Select(step => step.Request))));

        for (int step = 0; step < 3 * script.Length; step++)
        {
            (string request, string by, string status, bool hasBody) = script[step % script.Length];
            string head = await RawResponse.ReadHeadAsync(_connection);
            // Kestrel gets a head that is split between two buffers.
            Assert.That(head, Does.StartWith($"HTTP/1.1 {status}\r\n").And.Contains(head.Contains(by, StringComparison.Ordinal) ? by : ByKestrel), request);
            if (hasBody)
                await _connection.ReadExactlyAsync(new byte[new RawResponse(head, []).Length]).AsTask().InTime();
        }
    }

    [Test]
    public async Task A_head_may_come_in_two_pieces_cut_anywhere()
    {
        await WarmUpAsync();
        byte[] request = Encoding.ASCII.GetBytes(Request(UrlOf(FakeStore.Hash(1)), "Accept: */*\r\n"));
        _connection.Socket.NoDelay = true;
        for (int cut = 1; cut < request.Length; cut++)
        {
            await _connection.WriteAsync(request.AsMemory(0, cut));
            await Task.Yield();
            await _connection.WriteAsync(request.AsMemory(cut));

            RawResponse response = await RawResponse.ReadAsync(_connection);

            Assert.That(response.Head, Does.StartWith("HTTP/1.1 200 OK\r\n"), $"cut at {cut}");
        }
    }

    [Test]
    public async Task The_rest_of_a_head_is_never_taken_for_a_request()
    {
        await WarmUpAsync();
        string hit = Request(UrlOf(FakeStore.Hash(1)));
        string answers = await _cache.SendRawAsync($"{hit}GET /ready HTTP/1.1\r\n{hit}{hit}");

        Assert.That(CountOf(answers), Is.EqualTo(2));
        Assert.That(answers, Does.Contain("HTTP/1.1 400 "));
    }

    [Test]
    public async Task A_body_is_never_taken_for_a_request()
    {
        await WarmUpAsync();
        string hit = Request(UrlOf(FakeStore.Hash(1)));
        string answers = await _cache.SendRawAsync($"{hit}GET /ready HTTP/1.1\r\nHost: a\r\nContent-Length: {hit.Length}\r\n\r\n{hit}");

        Assert.That(CountOf(answers), Is.EqualTo(2));
        Assert.That(answers, Does.Contain("HTTP/1.1 413 "));
    }

    [Test]
    public async Task What_has_changed_is_not_answered_any_more()
    {
        await WarmUpAsync();
        string url = UrlOf(FakeStore.Hash(1));
        ValidPathInfo path = Add(1, narSize: 123456);
        Assert.That((await AskAsync(Request(url))).Head, Does.Contain(ByFastFront), "Nobody has announced it yet.");

        _freshness.Changed([path.Path.Hash]);
        RawResponse changed = await AskAsync(Request(url));
        RawResponse again = await AskAsync(Request(url));
        _catalog.Remove(path);
        _freshness.Changed([path.Path.Hash]);
        RawResponse gone = await AskAsync(Request(url));
        RawResponse stillGone = await AskAsync(Request(url));

        Assert.That(Encoding.ASCII.GetString(changed.Body), Does.Contain("NarSize: 123456"));
        Assert.That(again.Body, Is.EqualTo(changed.Body));
        Assert.That(again.Head, Does.Contain(ByFastFront));
        Assert.That(gone.Head, Does.StartWith("HTTP/1.1 404 ").And.Contain(ByFastFront));
        Assert.That(stillGone.Head, Does.StartWith("HTTP/1.1 404 ").And.Contain(ByFastFront));
    }

    [Test]
    public async Task Other_keys_sign_at_once()
    {
        await WarmUpAsync();
        using SecretKey second = SecretKey.Generate("second-1");

        _cache.Host.Signer.Replace([second]);

        Assert.That(Encoding.ASCII.GetString((await AskAsync(Request(UrlOf(FakeStore.Hash(1))))).Body), Does.Contain("Sig: second-1:").And.Not.Contain("first-1"));
        Assert.That((await AskAsync(Request(UrlOf(FakeStore.Hash(1))))).Head, Does.Contain(ByFastFront));
    }

    [Test]
    public async Task With_stored_NARs_a_narinfo_names_the_stored_file_at_once()
    {
        using TemporaryDirectory directory = new();
        await using CacheInMemory cache = await StartCacheAsync(new CacheOptions { NarCache = new NarCacheOptions { Directory = directory["nars"] } });
        await using NetworkStream connection = await cache.ConnectAsync();
        ValidPathInfo path = cache.AddFile("text", SampleText.Of(100_000));
        string request = Request(UrlOf(path.Path.Hash));
        await AskAsync(request, connection: connection);

        RawResponse before = await AskAsync(request, connection: connection);
        await cache.Client.GetByteArrayAsync(new Uri($"{CacheInMemory.NarUrl(path)}.zst", UriKind.Relative));
        RawResponse after = null!;
        await Patience.UntilAsync(async () =>
        {
            after = await AskAsync(request, connection: connection);
            return Encoding.ASCII.GetString(after.Body).Contains("FileHash: ", StringComparison.Ordinal);
        });
        RawResponse again = await AskAsync(request, connection: connection);

        Assert.That(before.Head, Does.Contain(ByFastFront));
        Assert.That(Encoding.ASCII.GetString(before.Body), Does.Contain("Compression: zstd").And.Not.Contain("FileHash"));
        Assert.That(again.Head, Does.Contain(ByFastFront));
        Assert.That(again.Body, Is.EqualTo(after.Body));
    }

    [Test]
    public async Task A_cache_that_becomes_private_is_private_at_once()
    {
        await WarmUpAsync();

        _cache.Host.Access.Replace(new CredentialList([]));

        Assert.That((await AskAsync(Request(UrlOf(FakeStore.Hash(1))))).Head, Does.StartWith("HTTP/1.1 401 "));
    }

    [Test]
    public async Task A_connection_that_waits_on_the_fast_front_ends_when_the_server_stops()
    {
        await WarmUpAsync();
        Assert.That((await AskAsync(Request(UrlOf(FakeStore.Hash(1))))).Head, Does.Contain(ByFastFront));

        await _cache.StopAsync().InTime();

        Assert.That(await _connection.ReadAsync(new byte[1]).AsTask().InTime(), Is.Zero);
    }

    private async Task<CacheInMemory> StartCacheAsync(CacheOptions options)
    {
        CacheInMemory cache = await CacheInMemory.StartAsync(options, _freshness, _key);
        _catalog = cache.Catalog;
        return cache;
    }

    private static InMemoryCatalog OriginOf(CacheInMemory cache) => cache.Catalog;

    private static string UrlOf(StorePathHash hash) => $"/{hash}.narinfo";

    private static int CountOf(string answers) => answers.Split("HTTP/1.1 ").Length - 1;

    private static (long Requests, double? HitRate) Statistics(CacheInMemory cache)
    {
        CacheStatistics statistics = cache.Host.Statistics;
        return (statistics.Requests, statistics.HitRate);
    }

    private ValidPathInfo Add(int number, int references = 0, ulong narSize = 1000)
    {
        StorePath path = FakeStore.PathOf(FakeStore.Hash(number));
        return _catalog.Add(new ValidPathInfo
        {
            Path = path,
            Info = FakeStore.InfoOf(path) with
            {
                NarSize = narSize,
                References = [.. Enumerable.Range(200, references).Select(other => FakeStore.PathOf(FakeStore.Hash(other)))],
            },
        });
    }

    // After this, a path and a miss are in memory.
    private async Task WarmUpAsync()
    {
        Add(1);
        await AskAsync(Request(UrlOf(FakeStore.Hash(1))));
        await AskAsync(Request(UrlOf(Missing)));
    }

    private Task<RawResponse> AskAsync(string request, bool hasBody = true, NetworkStream? connection = null) =>
        FastFrontRequests.AskAsync(connection ?? _connection, request, hasBody);
}
