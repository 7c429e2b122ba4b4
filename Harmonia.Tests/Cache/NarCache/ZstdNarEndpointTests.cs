using System.Net;
using System.Net.Http.Headers;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarCache;

/// <summary>The responses at the URL of a compressed NAR, and narinfos with this URL.</summary>
public sealed class ZstdNarEndpointTests
{
    private const int Frame = 16 * 1024 * 1024;

    private TemporaryDirectory _directory = null!;
    private CacheInMemory _cache = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _directory = new TemporaryDirectory();
        _cache = await CacheInMemory.StartAsync(new CacheOptions { NarCache = new NarCacheOptions { Directory = _directory["nars"] } });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _cache.DisposeAsync();
        _directory.Dispose();
    }

    [Test]
    public async Task A_narinfo_has_hash_and_size_of_the_stored_file_as_soon_as_it_exists()
    {
        ValidPathInfo path = _cache.AddFile("text", SampleText.Of(100_000));

        IReadOnlyDictionary<string, string> before = await NarInfoAsync(path);
        byte[] body = await BodyAsync(path);
        await StoredAsync(1);
        IReadOnlyDictionary<string, string> after = await NarInfoAsync(path);

        Assert.That(before["Compression"], Is.EqualTo("zstd"));
        Assert.That("/" + before["URL"], Is.EqualTo(ZstdUrl(path)));
        Assert.That(before.Keys, Has.None.StartsWith("File"));
        Assert.That(after["URL"], Is.EqualTo(before["URL"]));
        Assert.That(after["FileHash"], Is.EqualTo(NarHash.Of(body).ToPrefixedBase32()));
        Assert.That(after["FileSize"], Is.EqualTo($"{body.Length}"));
        Assert.That(after["NarHash"], Is.EqualTo(path.Info.NarHash.ToPrefixedBase32()));
    }

    [Test]
    public async Task The_narinfo_as_JSON_says_the_same()
    {
        ValidPathInfo path = _cache.AddFile("text", SampleText.Of(100_000));
        byte[] body = await BodyAsync(path);
        await StoredAsync(1);

        string json = await _cache.Client.GetStringAsync($"/{path.Path.Hash}.narinfo?json");

        Assert.That(json, Does.Contain("\"compression\":\"zstd\"")
            .And.Contain($"\"downloadHash\":\"{NarHash.Of(body).ToSri()}\",\"downloadSize\":{body.Length}")
            .And.Contain(ZstdUrl(path)[1..]));
    }

    [TestCase(0)]
    [TestCase(100_000)]
    [TestCase((2 * Frame) + 1000)]
    public async Task The_first_answer_and_those_from_the_file_are_the_same_NAR_in_the_same_bytes(int length)
    {
        ValidPathInfo path = _cache.AddFile("text", SampleText.Of(length));

        byte[] first = await BodyAsync(path);
        await StoredAsync(1);
        using HttpResponseMessage second = await _cache.GetAsync(ZstdUrl(path));

        Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(first)), Is.EqualTo(path.Info.NarHash));
        Assert.That(second.Content.Headers.ContentLength, Is.EqualTo(first.Length));
        Assert.That(second.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/zstd"));
        Assert.That(second.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(second.Headers.CacheControl?.ToString(), Is.EqualTo("max-age=31536000, immutable"));
        Assert.That((await second.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(first));
        Assert.That(await _cache.Client.GetByteArrayAsync(CacheInMemory.NarUrl(path)), Is.EqualTo(_cache.Dump(path.Path)), "The plain URL stays.");
    }

    [Test]
    public async Task Two_hundred_clients_have_it_compressed_once()
    {
        ValidPathInfo path = _cache.AddFile("text", SampleText.Of(3 * Frame));
        using HttpClient client = new() { BaseAddress = _cache.Client.BaseAddress, Timeout = TimeSpan.FromMinutes(5) };

        string[] hashes = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using HttpResponseMessage response = await client.GetAsync(ZstdUrl(path), HttpCompletionOption.ResponseHeadersRead);
            return Convert.ToHexString(await System.Security.Cryptography.SHA256.HashDataAsync(await response.Content.ReadAsStreamAsync()));
        }));

        Assert.That(hashes.Distinct().Count(), Is.EqualTo(1));
        Assert.That(await MetricAsync("makings_total"), Is.EqualTo(1));
        Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(await BodyAsync(path))), Is.EqualTo(path.Info.NarHash));
    }

    [Test]
    public async Task Random_parts_are_those_of_the_whole_before_and_after_it_is_stored()
    {
        ValidPathInfo path = _cache.AddFile("text", SampleText.Of(Frame + 5000));
        ValidPathInfo same = _cache.AddFile("other", SampleText.Of(Frame + 5000, seed: 2));
        byte[] whole = await BodyAsync(path);
        byte[] firstPart = await PartAsync(same, 1000, null);
        byte[] other = await BodyAsync(same);
        Random random = new(4);

        Assert.That(firstPart.AsSpan().SequenceEqual(other.AsSpan(1000)), "A range can start the compression job.");
        for (int i = 0; i < 300; i++)
        {
            int first = random.Next(whole.Length);
            int last = Math.Min(whole.Length - 1, first + random.Next(100_000));
            byte[] part = await PartAsync(path, first, last);
            Assert.That(part.AsSpan().SequenceEqual(whole.AsSpan(first, last - first + 1)), $"{first}-{last}");
        }
    }

    [Test]
    public async Task A_part_that_is_there_is_answered_while_the_rest_is_made()
    {
        // 4 GiB of holes: nothing to read, but some seconds to hash.
        ValidPathInfo path = _cache.Add("holes", file =>
        {
            using FileStream stream = File.Create(file);
            stream.SetLength(4L << 30);
        });
        using HttpRequestMessage request = new(HttpMethod.Get, ZstdUrl(path));
        using HttpResponseMessage whole = await _cache.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using HttpResponseMessage part = await _cache.GetAsync(ZstdUrl(path), ("Range", "bytes=0-99"));

        Assert.That(whole.Content.Headers.ContentLength, Is.Null);
        Assert.That(whole.Headers.AcceptRanges, Is.EqualTo(new[] { "bytes" }));
        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(part.Content.Headers.ContentRange!.ToString(), Is.EqualTo("bytes 0-99/*"));
        Assert.That(part.Headers.ETag, Is.EqualTo(whole.Headers.ETag));
        byte[] begin = new byte[100];
        await (await whole.Content.ReadAsStreamAsync()).ReadExactlyAsync(begin);
        Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(begin));
    }

    [Test]
    public async Task Conditions_and_tags_hold_before_and_after_it_is_stored()
    {
        ValidPathInfo path = _cache.AddFile("text", SampleText.Of(100_000));
        using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, ZstdUrl(path));
        string tag = head.Headers.ETag!.ToString();
        using HttpResponseMessage unchangedBefore = await _cache.GetAsync(ZstdUrl(path), ("If-None-Match", tag));
        double jobsForThem = await MetricAsync("makings_total");
        byte[] body = await BodyAsync(path);
        await StoredAsync(1);
        using HttpResponseMessage headAfter = await _cache.SendAsync(HttpMethod.Head, ZstdUrl(path));
        using HttpResponseMessage unchanged = await _cache.GetAsync(ZstdUrl(path), ("If-None-Match", tag));
        using HttpResponseMessage same = await _cache.GetAsync(ZstdUrl(path), ("Range", "bytes=5-"), ("If-Range", tag));
        using HttpResponseMessage other = await _cache.GetAsync(ZstdUrl(path), ("Range", "bytes=5-"), ("If-Range", "\"other\""));
        using HttpResponseMessage behind = await _cache.GetAsync(ZstdUrl(path), ("Range", $"bytes={body.Length}-"));

        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(head.Content.Headers.ContentLength, Is.Null);
        Assert.That(jobsForThem, Is.Zero);
        Assert.That(headAfter.Content.Headers.ContentLength, Is.EqualTo(body.Length));
        Assert.That(headAfter.Headers.ETag!.ToString(), Is.EqualTo(tag));
        Assert.That(unchangedBefore.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(unchanged.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(behind.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
        Assert.That(behind.Content.Headers.ContentRange!.Length, Is.EqualTo(body.Length));
    }

    [Test]
    public async Task A_client_of_HTTP_1_0_gets_a_length_from_the_first_time_on()
    {
        ValidPathInfo path = _cache.AddFile("text", SampleText.Of(Frame + 5000));

        string answer = await _cache.SendRawAsync($"GET {ZstdUrl(path)} HTTP/1.0\r\nHost: a\r\n\r\n").InTime();

        string head = answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        Assert.That(head, Does.StartWith("HTTP/1.1 200 ").And.Contain($"Content-Length: {answer.Length - head.Length - 4}"));
    }

    [Test]
    public async Task What_does_not_compress_is_offered_as_it_is_but_its_compressed_URL_is_answered_too()
    {
        byte[] random = new byte[300_000];
        new Random(6).NextBytes(random);
        ValidPathInfo path = _cache.AddFile("random", random);

        byte[] body = await BodyAsync(path);
        IReadOnlyDictionary<string, string> narInfo = await NarInfoAsync(path);
        byte[] part = await PartAsync(path, 200_000, 250_000);

        Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(body)), Is.EqualTo(path.Info.NarHash));
        Assert.That(narInfo["Compression"], Is.EqualTo("none"));
        Assert.That("/" + narInfo["URL"], Is.EqualTo(CacheInMemory.NarUrl(path)));
        Assert.That(narInfo["FileSize"], Is.EqualTo(narInfo["NarSize"]));
        Assert.That(part.AsSpan().SequenceEqual(body.AsSpan(200_000, 50_001)));
        Assert.That(await MetricAsync("makings_total"), Is.Zero);
    }

    [Test]
    public async Task Files_that_are_not_what_the_database_says_never_make_a_whole_answer()
    {
        ValidPathInfo small = _cache.AddFile("small", SampleText.Of(1000));
        ValidPathInfo large = _cache.AddFile("large", SampleText.Of(3 * Frame));
        foreach (ValidPathInfo path in (ValidPathInfo[])[small, large])
        {
            await using FileStream file = File.OpenWrite(_cache.FileOf(path.Path));
            file.WriteByte((byte)'#');
        }

        using HttpResponseMessage refused = await _cache.GetAsync(ZstdUrl(small));

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(async () => await BodyAsync(large), Throws.InstanceOf<HttpRequestException>());
        Assert.That((await _cache.Log.WaitForAsync(163)).Message, Does.Contain("the database says"));
        Assert.That(Directory.GetFiles(_directory["nars"]), Has.None.EndsWith(".zst"));
    }

    [Test]
    public async Task The_compressed_URL_is_answered_when_nothing_is_stored_any_more()
    {
        await using CacheInMemory without = await CacheInMemory.StartAsync(new CacheOptions());
        ValidPathInfo path = without.AddFile("text", SampleText.Of(Frame + 5000));

        using HttpResponseMessage response = await without.GetAsync(ZstdUrl(path));
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        using HttpResponseMessage part = await without.GetAsync(ZstdUrl(path), ("Range", "bytes=1000000-"));

        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(body.Length));
        Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(body)), Is.EqualTo(path.Info.NarHash));
        Assert.That((await part.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(body.AsSpan(1_000_000)));
        Assert.That(await without.Client.GetStringAsync($"/{path.Path.Hash}.narinfo"), Does.Contain("\nCompression: none\n"));
    }

    [Test]
    public async Task A_full_disk_costs_no_answer()
    {
        using SmallDisk disk = new(2 * 1024 * 1024);
        await using CacheInMemory full = await CacheInMemory.StartAsync(
            new CacheOptions { NarCache = new NarCacheOptions { Directory = disk.Path } });
        ValidPathInfo large = full.AddFile("large", SampleText.Of(3 * Frame));
        ValidPathInfo small = full.AddFile("small", SampleText.Of(1000));

        foreach (ValidPathInfo path in (ValidPathInfo[])[large, large, small])
        {
            byte[] body = await full.Client.GetByteArrayAsync(ZstdUrl(path));
            Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(body)), Is.EqualTo(path.Info.NarHash));
        }

        Assert.That((await full.Log.WaitForAsync(162)).Message, Does.Contain("large"));
    }

    [Test]
    public async Task A_NAR_larger_than_the_cache_is_compressed_but_not_stored()
    {
        await using CacheInMemory tiny = await CacheInMemory.StartAsync(
            new CacheOptions { NarCache = new NarCacheOptions { Directory = _directory["tiny"], MaxSize = 100_000 } });
        ValidPathInfo path = tiny.AddFile("large", SampleText.Of(2 * Frame));

        using HttpResponseMessage response = await tiny.GetAsync(ZstdUrl(path));

        Assert.That(NarHash.Of(await NarCacheFixture.UnpackAsync(await response.Content.ReadAsByteArrayAsync())), Is.EqualTo(path.Info.NarHash));
        Assert.That(response.Headers.AcceptRanges, Is.Empty, "What is not stored can't be resumed.");
    }

    [Test]
    public async Task Other_hashes_and_shorter_forms_are_not_found()
    {
        ValidPathInfo path = _cache.AddFile("text", [1]);
        string wrong = $"/nar/{path.Path.Hash}-{NarHash.Of([1]).ToBase32()}.nar.zst";

        Assert.That((await _cache.GetAsync(wrong)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await _cache.GetAsync($"/nar/{path.Info.NarHash.ToBase32()}.nar.zst")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await _cache.GetAsync($"/nar/{path.Path.Hash}.nar.zst")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static string ZstdUrl(ValidPathInfo path) => CacheInMemory.NarUrl(path) + ".zst";

    private Task<byte[]> BodyAsync(ValidPathInfo path) => _cache.Client.GetByteArrayAsync(ZstdUrl(path));

    private async Task<byte[]> PartAsync(ValidPathInfo path, long first, long? last)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, ZstdUrl(path));
        request.Headers.Range = new RangeHeaderValue(first, last);
        using HttpResponseMessage response = await _cache.Client.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        return await response.Content.ReadAsByteArrayAsync();
    }

    private async Task<IReadOnlyDictionary<string, string>> NarInfoAsync(ValidPathInfo path) =>
        NixNarInfoReader.Read(await _cache.Client.GetByteArrayAsync($"/{path.Path.Hash}.narinfo")).ToDictionary(StringComparer.Ordinal);

    private async Task<double> MetricAsync(string name)
    {
        string text = await _cache.Client.GetStringAsync("/metrics");
        string line = text.Split('\n').Single(line => line.StartsWith($"harmonia_nar_cache_{name} ", StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    // The file gets its name a moment after its bytes have been sent.
    private Task StoredAsync(int count) =>
        Patience.UntilAsync(() => Directory.GetFiles(_directory["nars"], "*.nar.zst").Length == count);
}
