using System.Net.Sockets;
using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Cache.Hosting.FastFront.FastFrontRequests;

namespace Harmonia.Tests.Cache.Hosting.FastFront;

/// <summary>
/// Small NARs on the fast front over real connections. The request ids begin with 8, which shows which front has responded.
/// </summary>
public sealed class FastNarTests
{
    private readonly StoreFreshness _freshness = new(TimeSpan.FromDays(1), TimeProvider.System);
    private CacheInMemory? _started;
    private NetworkStream? _opened;

    private CacheInMemory Cache => _started!;

    private NetworkStream Connection => _opened!;

    [TearDown]
    public async Task StopAsync()
    {
        await Connection.DisposeAsync();
        await Cache.DisposeAsync();
    }

    [TestCase("GET", 0)]
    [TestCase("HEAD", 0)]
    [TestCase("GET", 1)]
    [TestCase("HEAD", 1)]
    [TestCase("GET", 60_000)]
    public async Task An_answer_has_the_same_bytes_on_both_fronts(string method, int size)
    {
        ValidPathInfo path = await StartAsync(new CacheOptions(), size);
        bool hasBody = method == "GET";

        RawResponse fast = await AskAsync(Request(path, "Accept-Encoding: zstd, br, gzip\r\n", method), hasBody);
        RawResponse slow = await AskAsync(Request(path, Unusual, method), hasBody);

        Assert.That(fast.Head, Does.Contain(ByFastFront));
        Assert.That(slow.Head, Does.Contain(ByKestrel));
        Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)));
        Assert.That(fast.Body, Is.EqualTo(slow.Body));
        if (hasBody)
            Assert.That(fast.Body, Is.EqualTo(Cache.Dump(path.Path)));
    }

    [Test]
    public async Task What_could_be_compressed_for_its_client_is_left_to_Kestrel()
    {
        ValidPathInfo path = await StartAsync(new CacheOptions { EnableCompression = true }, 1000);

        RawResponse fast = await AskAsync(Request(path));
        RawResponse slow = await AskAsync(Request(path, Unusual));
        RawResponse compressed = await AskAsync(Request(path, "Accept-Encoding: zstd\r\n", "HEAD"), hasBody: false);

        Assert.That(fast.Head, Does.Contain(ByFastFront));
        Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)).And.Contain("Vary: Accept-Encoding\r\n"));
        Assert.That(compressed.Head, Does.Contain(ByKestrel).And.Contain("Content-Encoding: zstd\r\n"));
    }

    [TestCase("Range: bytes=0-9\r\n", "206 Partial Content", true)]
    [TestCase("Range: bytes=-5\r\nIf-Range: \"other\"\r\n", "200 OK", true)]
    [TestCase("Range: bytes=99999-\r\n", "416 Range Not Satisfiable", true)]
    [TestCase("If-None-Match: *\r\n", "304 Not Modified", false)]
    [TestCase("If-Match: \"other\"\r\n", "412 Precondition Failed", true)]
    public async Task Conditions_and_ranges_have_the_same_responses_on_both_fronts(string header, string status, bool hasBody)
    {
        ValidPathInfo path = await StartAsync(new CacheOptions(), 1000);

        RawResponse fast = await AskAsync(Request(path, header), hasBody);
        RawResponse slow = await AskAsync(Request(path, header + Unusual), hasBody);

        Assert.That(fast.Head, Does.StartWith($"HTTP/1.1 {status}\r\n").And.Contain(ByFastFront));
        Assert.That(slow.Head, Does.Contain(ByKestrel));
        Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)));
        Assert.That(fast.Body, Is.EqualTo(slow.Body));
    }

    [TestCase("Range: bytes=150000-199999\r\n", "206 Partial Content", true, true)]
    [TestCase("Range: bytes=-5\r\n", "206 Partial Content", true, true)]
    [TestCase("If-None-Match: *\r\n", "304 Not Modified", false, true)]
    [TestCase("If-Match: \"other\"\r\n", "412 Precondition Failed", true, true)]
    [TestCase("Range: bytes=100000-\r\n", "206 Partial Content", true, false)]
    [TestCase("Range: bytes=999999-\r\n", "416 Range Not Satisfiable", true, false)]
    [TestCase("", "200 OK", true, false)]
    public async Task Short_parts_of_a_large_nar_have_the_same_responses_on_both_fronts(string header, string status, bool hasBody, bool isFast)
    {
        ValidPathInfo path = await StartAsync(new CacheOptions(), 200_000);

        RawResponse fast = await AskAsync(Request(path, header), hasBody);
        RawResponse slow = await AskAsync(Request(path, header + Unusual), hasBody);

        Assert.That(fast.Head, Does.StartWith($"HTTP/1.1 {status}\r\n").And.Contain(isFast ? ByFastFront : ByKestrel));
        Assert.That(slow.Head, Does.Contain(ByKestrel));
        Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)));
        Assert.That(fast.Body, Is.EqualTo(slow.Body));
    }

    [TestCase("GET", ByFastFront)]
    [TestCase("HEAD", ByKestrel)]
    public async Task A_small_nar_that_does_not_fit_into_memory_comes_from_the_page_cache(string method, string front)
    {
        ValidPathInfo path = await StartAsync(new CacheOptions { Memory = new MemoryOptions { Nars = 0 } }, 1000);
        bool hasBody = method == "GET";

        RawResponse fast = await AskAsync(Request(path, method: method), hasBody);
        RawResponse slow = await AskAsync(Request(path, Unusual, method), hasBody);

        Assert.That(fast.Head, Does.StartWith("HTTP/1.1 200 OK\r\n").And.Contain(front));
        Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)));
        Assert.That(fast.Body, Is.EqualTo(hasBody ? Cache.Dump(path.Path) : []));
    }

    [Test]
    public async Task A_file_that_has_changed_is_not_sent_by_the_fast_front()
    {
        ValidPathInfo path = await StartAsync(new CacheOptions { Memory = new MemoryOptions { Nars = 0 } }, 1000);
        File.WriteAllBytes(Cache.FileOf(path.Path), new byte[1000]);

        RawResponse changed = await AskAsync(Request(path));

        Assert.That(changed.Head, Does.StartWith("HTTP/1.1 404 ").And.Contain(ByKestrel));
    }

    [TestCase("", "200 OK", true)]
    [TestCase("If-None-Match: *\r\n", "304 Not Modified", false)]
    public async Task A_listing_has_the_same_bytes_on_both_fronts(string header, string status, bool hasBody)
    {
        ValidPathInfo path = await StartAsync(new CacheOptions(), 1000);
        string url = $"/{path.Path.Hash}.ls";
        RawResponse first = await AskAsync(FastFrontRequests.Request(url));

        RawResponse fast = await AskAsync(FastFrontRequests.Request(url, header), hasBody);
        RawResponse slow = await AskAsync(FastFrontRequests.Request(url, header + Unusual), hasBody);

        Assert.That(first.Head, Does.Contain(ByFastFront), "The NAR was asked for, so its index is in memory.");
        Assert.That(fast.Head, Does.StartWith($"HTTP/1.1 {status}\r\n").And.Contain(ByFastFront));
        Assert.That(slow.Head, Does.Contain(ByKestrel));
        Assert.That(Settled(fast.Head), Is.EqualTo(Settled(slow.Head)));
        Assert.That(fast.Body, Is.EqualTo(slow.Body));
    }

    [Test]
    public async Task A_listing_for_which_nothing_is_in_memory_and_one_to_compress_are_Kestrels()
    {
        await StartAsync(new CacheOptions(), 1000);
        ValidPathInfo tree = Cache.Add("tree", root =>
        {
            Directory.CreateDirectory(root);
            for (int i = 0; i < 50; i++)
                File.WriteAllText(Path.Combine(root, $"file-{i}"), "x");
        });
        string url = $"/{tree.Path.Hash}.ls";

        RawResponse made = await AskAsync(FastFrontRequests.Request(url));
        await AskAsync(FastFrontRequests.Request(CacheInMemory.NarUrl(tree)));
        RawResponse compressed = await AskAsync(FastFrontRequests.Request(url, "Accept-Encoding: gzip\r\n"));
        RawResponse kept = await AskAsync(FastFrontRequests.Request(url));

        Assert.That(made.Head, Does.Contain(ByKestrel));
        Assert.That(compressed.Head, Does.Contain("Content-Encoding: gzip\r\n").And.Contain(ByKestrel));
        Assert.That(kept.Head, Does.Contain(ByFastFront));
        Assert.That(kept.Body, Is.EqualTo(made.Body));
    }

    [TestCase("?hash=1")]
    [TestCase("/")]
    [TestCase(".zst")]
    public async Task Other_URLs_are_Kestrels(string end)
    {
        ValidPathInfo path = await StartAsync(new CacheOptions(), 1000);

        RawResponse response = await AskAsync(FastFrontRequests.Request(CacheInMemory.NarUrl(path) + end));

        Assert.That(response.Head, Does.Contain(ByKestrel));
    }

    [Test]
    public async Task Another_hash_and_a_path_that_was_deleted_are_not_answered_from_memory()
    {
        ValidPathInfo path = await StartAsync(new CacheOptions(), 1000);
        string other = CacheInMemory.NarUrl(path with { Info = path.Info with { NarHash = NarHash.Of("other"u8) } });

        RawResponse mismatch = await AskAsync(FastFrontRequests.Request(other));
        Cache.Catalog.Remove(path);
        _freshness.Changed([path.Path.Hash]);
        RawResponse gone = await AskAsync(Request(path));

        Assert.That(mismatch.Head, Does.StartWith("HTTP/1.1 404 ").And.Contain(ByKestrel));
        Assert.That(gone.Head, Does.StartWith("HTTP/1.1 404 ").And.Contain(ByKestrel));
    }

    [Test]
    public async Task Pipelined_requests_are_answered_in_order_and_whole()
    {
        const int Count = 200;
        ValidPathInfo path = await StartAsync(new CacheOptions(), 60_000);
        byte[] nar = Cache.Dump(path.Path);
        string requests = string.Concat(Enumerable.Range(0, Count).Select(i => Request(path, i % 7 == 0 ? Unusual : "", i % 5 == 0 ? "HEAD" : "GET")));

        // More than the buffers of both sides hold: what is not read by then waits, and is not lost.
        await Connection.WriteAsync(Encoding.ASCII.GetBytes(requests)).AsTask().InTime();

        for (int i = 0; i < Count; i++)
        {
            bool hasBody = i % 5 != 0;
            RawResponse response = await RawResponse.ReadAsync(Connection, hasBody);
            Assert.That(response.Head, Does.StartWith("HTTP/1.1 200 OK\r\n"));
            Assert.That(response.Body.AsSpan().SequenceEqual(hasBody ? nar : []), Is.True, $"answer {i}");
        }
    }

    [Test]
    public async Task Figures_and_access_log_are_the_same_on_both_fronts()
    {
        List<(long Requests, string[] Log, string[] Counts)> figures = new();
        foreach (string headers in new[] { "", Unusual })
        {
            ValidPathInfo path = await StartAsync(new CacheOptions { AccessLog = true }, 1000);
            for (int round = 0; round < 3; round++)
            {
                await AskAsync(Request(path, headers));
                await AskAsync(Request(path, headers, "HEAD"), hasBody: false);
            }

            await Patience.UntilAsync(() => AccessLogOf(Cache, ".nar").Length >= 7);
            figures.Add((Cache.Host.Statistics.Requests, AccessLogOf(Cache, ".nar"), await CountsAsync(Cache)));
            if (figures.Count == 1)
                await StopAsync();
        }

        Assert.That(figures[0].Counts, Is.EqualTo(figures[1].Counts).And.Not.Empty);
        Assert.That(figures[0].Log, Is.EqualTo(figures[1].Log));
        Assert.That(figures[0].Requests, Is.EqualTo(figures[1].Requests));
    }

    [Test]
    public async Task A_client_that_does_not_read_keeps_one_of_the_streams_there_may_be()
    {
        ValidPathInfo path = await StartAsync(new CacheOptions { MaxNarStreams = 1 }, 60_000);
        await using NetworkStream stalled = await Cache.ConnectAsync();
        Task stalling = WriteForeverAsync(stalled, Encoding.ASCII.GetBytes(Request(path)));

        RawResponse refused = null!;
        await Patience.UntilAsync(async () =>
        {
            refused = await AskAsync(Request(path));
            return refused.Head.StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal);
        });
        RawResponse head = await AskAsync(Request(path, method: "HEAD"), hasBody: false);

        Assert.That(refused.Head, Does.Contain(ByKestrel).And.Contain("Retry-After: "));
        Assert.That(head.Head, Does.StartWith("HTTP/1.1 200 OK\r\n").And.Contain(ByFastFront));
        await stalled.DisposeAsync();
        Assert.That(async () => await stalling.InTime(), Throws.InstanceOf<Exception>());
        await Patience.UntilAsync(async () => (await AskAsync(Request(path))).Head.Contains(ByFastFront, StringComparison.Ordinal));
    }

    private static async Task WriteForeverAsync(NetworkStream stream, byte[] request)
    {
        while (true)
            await stream.WriteAsync(request);
    }

    // A cache with one path, whose path info and NAR are in memory.
    private async Task<ValidPathInfo> StartAsync(CacheOptions options, int size)
    {
        _started = await CacheInMemory.StartAsync(options, _freshness);
        _opened = await Cache.ConnectAsync();
        byte[] contents = new byte[size];
        new Random(size).NextBytes(contents);
        ValidPathInfo path = Cache.AddFile("small", contents);
        Assert.That((await AskAsync(Request(path))).Head, Does.StartWith("HTTP/1.1 200 OK\r\n").And.Contain(ByKestrel));
        return path;
    }

    private static string Request(ValidPathInfo path, string headers = "", string method = "GET") => FastFrontRequests.Request(CacheInMemory.NarUrl(path), headers, method);

    private Task<RawResponse> AskAsync(string request, bool hasBody = true) => FastFrontRequests.AskAsync(Connection, request, hasBody);
}
