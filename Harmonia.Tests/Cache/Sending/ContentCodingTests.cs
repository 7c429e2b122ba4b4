using System.Net;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Sending;

public sealed class ContentCodingTests
{
    private const string NarCacheControl = "max-age=31536000, immutable";

    private CacheInMemory _cache = null!;
    private ValidPathInfo _tree = null!;
    private byte[] _nar = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync(new CacheOptions { EnableCompression = true });
        _tree = _cache.Add("tree", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "many"));
            for (int i = 0; i < 300; i++)
                File.WriteAllText(Path.Combine(root, "many", $"file-{i}"), new string((char)('a' + (i % 26)), i * 20));
            File.WriteAllText(Path.Combine(root, "large.txt"), string.Concat(Enumerable.Repeat("text, ", 5000)));
            File.WriteAllText(Path.Combine(root, "small.txt"), new string('x', 1023));
            foreach (string name in (string[])["packed.gz", "packed.zst", "packed.xz", "picture.png", "unknown"])
                File.WriteAllText(Path.Combine(root, name), "no text\0" + new string('x', 5000));
        });
        _nar = _cache.Dump(_tree.Path);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    private string NarUrl => CacheInMemory.NarUrl(_tree);

    private string NarTag => $"\"{_tree.Info.NarHash.ToBase32()}\"";

    private string CodedNarTag => $"\"{_tree.Info.NarHash.ToBase32()}-zstd\"";

    private string Files => $"/serve/{_tree.Path.Hash}";

    [Test]
    public async Task A_nar_is_compressed_by_zstd_for_clients_that_take_it()
    {
        using HttpResponseMessage response = await _cache.GetAsync(NarUrl, ("Accept-Encoding", "zstd, br, gzip, deflate, bzip2, xz"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        AssertCoding(response, "zstd");
        Assert.That(response.Headers.AcceptRanges, Is.Empty);
        Assert.That(response.Headers.TransferEncodingChunked, Is.True);
        Assert.That(response.Headers.ETag?.Tag, Is.EqualTo(CodedNarTag));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo(NarCacheControl));
        Assert.That((await Decoding.BodyOfAsync(response)).AsSpan().SequenceEqual(_nar));
    }

    [TestCase(null)]
    [TestCase("br, gzip")]
    [TestCase("zstd;q=0")]
    [TestCase("identity;q=0, br")]
    public async Task A_nar_goes_out_as_it_is_to_other_clients(string? accepted)
    {
        using HttpResponseMessage response = await _cache.GetAsync(
            NarUrl, accepted is null ? [] : [("Accept-Encoding", accepted)]);

        AssertCoding(response, null);
        Assert.That(response.Headers.AcceptRanges, Is.EqualTo(new[] { "bytes" }));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(_nar.Length));
        Assert.That(response.Headers.ETag?.Tag, Is.EqualTo(NarTag));
        Assert.That((await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(_nar));
    }

    [Test]
    public async Task A_range_refers_to_the_plain_bytes_whatever_codings_the_client_accepts()
    {
        foreach (string url in (string[])[NarUrl, $"{Files}/large.txt"])
        {
            byte[] whole = await _cache.Client.GetByteArrayAsync(new Uri(url, UriKind.Relative));
            using HttpResponseMessage part = await _cache.GetAsync(url, ("Range", "bytes=2000-"), ("Accept-Encoding", "zstd, *;q=0"));
            using HttpResponseMessage beyond = await _cache.GetAsync(url, ("Range", "bytes=99999999-"), ("Accept-Encoding", "zstd"));

            Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
            AssertCoding(part, null);
            Assert.That((await part.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(whole.AsSpan(2000)));
            Assert.That(beyond.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
            Assert.That(beyond.Content.Headers.ContentEncoding, Is.Empty);
        }
    }

    [Test]
    public async Task If_range_is_compared_with_the_tag_of_the_bytes_as_they_are()
    {
        using HttpResponseMessage same = await _cache.GetAsync(NarUrl, ("Range", "bytes=1-2"), ("If-Range", NarTag), ("Accept-Encoding", "zstd"));
        using HttpResponseMessage coded = await _cache.GetAsync(NarUrl, ("Range", "bytes=1-2"), ("If-Range", CodedNarTag), ("Accept-Encoding", "zstd"));

        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(same.Headers.ETag?.Tag, Is.EqualTo(NarTag));
        Assert.That(coded.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        AssertCoding(coded, "zstd");
    }

    [Test]
    public async Task If_none_match_is_compared_with_the_tag_of_the_coding_that_would_be_sent()
    {
        using HttpResponseMessage coded = await _cache.GetAsync(NarUrl, ("If-None-Match", CodedNarTag), ("Accept-Encoding", "zstd"));
        using HttpResponseMessage other = await _cache.GetAsync(NarUrl, ("If-None-Match", NarTag), ("Accept-Encoding", "zstd"));
        using HttpResponseMessage plain = await _cache.GetAsync(NarUrl, ("If-None-Match", NarTag));

        Assert.That(coded.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(coded.Headers.ETag?.Tag, Is.EqualTo(CodedNarTag));
        Assert.That(coded.Headers.Vary, Is.EqualTo(new[] { "Accept-Encoding" }));
        Assert.That(coded.Headers.CacheControl?.ToString(), Is.EqualTo(NarCacheControl));
        Assert.That(coded.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(plain.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(plain.Headers.Vary, Is.EqualTo(new[] { "Accept-Encoding" }));
    }

    [Test]
    public async Task If_match_goes_before_everything_else()
    {
        (string, string)[] range = [("Range", "bytes=1-2")];
        using HttpResponseMessage same = await _cache.GetAsync(NarUrl, [("If-Match", NarTag), .. range]);
        using HttpResponseMessage any = await _cache.GetAsync(NarUrl, [("If-Match", "*"), .. range]);
        using HttpResponseMessage weak = await _cache.GetAsync(NarUrl, [("If-Match", $"W/{NarTag}"), .. range]);
        using HttpResponseMessage other = await _cache.GetAsync(NarUrl, [("If-Match", "\"x\""), ("If-None-Match", NarTag), .. range]);

        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(any.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(weak.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That(await other.Content.ReadAsStringAsync(), Is.EqualTo("Precondition Failed"));
        Assert.That(other.Headers.ETag, Is.Null);
    }

    [TestCase("zstd")]
    [TestCase("br")]
    [TestCase("gzip")]
    public async Task Text_goes_out_in_each_coding(string coding)
    {
        foreach (string url in (string[])[$"/{_tree.Path.Hash}.ls", "/", "/metrics", $"{Files}/large.txt", $"{Files}/many/"])
        {
            byte[] plain = await _cache.Client.GetByteArrayAsync(new Uri(url, UriKind.Relative));
            using HttpResponseMessage response = await _cache.GetAsync(url, ("Accept-Encoding", coding));
            byte[] body = await Decoding.BodyOfAsync(response);

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), url);
            AssertCoding(response, coding);
            if (url is "/" or "/metrics")
                Assert.That(body, Has.Length.EqualTo(plain.Length).Within(1000), url);
            else
                Assert.That(body.AsSpan().SequenceEqual(plain), url);
        }
    }

    [Test]
    public async Task A_page_that_is_compressed_has_its_length_and_its_policy()
    {
        using HttpResponseMessage get = await _cache.GetAsync($"{Files}/many/", ("Accept-Encoding", "gzip"));
        using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, $"{Files}/many/", ("Accept-Encoding", "gzip"));

        Assert.That(get.Content.Headers.ContentLength, Is.EqualTo((await get.Content.ReadAsByteArrayAsync()).Length));
        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(get.Content.Headers.ContentLength));
        AssertCoding(head, "gzip");
        Assert.That(get.Headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'none'"));
    }

    [TestCase("packed.gz")]
    [TestCase("packed.zst")]
    [TestCase("packed.xz")]
    [TestCase("picture.png")]
    [TestCase("unknown")]
    [TestCase("small.txt")]
    public async Task What_is_small_or_no_text_is_not_compressed_and_does_not_vary(string name)
    {
        using HttpResponseMessage response = await _cache.GetAsync($"{Files}/{name}", ("Accept-Encoding", "zstd, br, gzip"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(response.Headers.Vary, Is.Empty);
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo((await response.Content.ReadAsByteArrayAsync()).Length));
    }

    [Test]
    public async Task Head_says_what_get_says()
    {
        foreach (string accepted in (string[])["zstd", "identity"])
        {
            foreach (string url in (string[])[NarUrl, $"/{_tree.Path.Hash}.ls", $"{Files}/large.txt", $"/{_tree.Path.Hash}.narinfo"])
            {
                using HttpResponseMessage get = await _cache.GetAsync(url, ("Accept-Encoding", accepted));
                using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, url, ("Accept-Encoding", accepted));
                byte[] body = await get.Content.ReadAsByteArrayAsync();

                Assert.That(await head.Content.ReadAsByteArrayAsync(), Is.Empty);
                Assert.That(head.Headers.ETag, Is.EqualTo(get.Headers.ETag), url);
                Assert.That(head.Headers.Vary, Is.EqualTo(get.Headers.Vary), url);
                Assert.That(head.Headers.AcceptRanges, Is.EqualTo(get.Headers.AcceptRanges), url);
                Assert.That(head.Content.Headers.ContentEncoding, Is.EqualTo(get.Content.Headers.ContentEncoding), url);
                Assert.That(head.Content.Headers.ContentType, Is.EqualTo(get.Content.Headers.ContentType), url);
                if (accepted == "identity")
                    Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(body.Length), url);
            }
        }
    }

    [Test]
    public async Task A_narinfo_has_a_tag_of_its_bytes_and_is_compressed_from_four_kibibytes_on()
    {
        ValidPathInfo path = _cache.AddFile("referrer", [1]);
        string url = $"/{path.Path.Hash}.narinfo";
        using HttpResponseMessage small = await _cache.GetAsync(url, ("Accept-Encoding", "zstd"));
        using HttpResponseMessage again = await _cache.GetAsync(url, ("If-None-Match", small.Headers.ETag!.Tag));

        Assert.That(small.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(again.Headers.CacheControl?.ToString(), Is.EqualTo("max-age=86400"));

        _cache.Catalog.Add(path with
        {
            Info = path.Info with
            {
                References = [.. Enumerable.Range(0, 80).Select(i => new StorePath(_tree.Path.Hash, $"a-rather-long-name-of-a-reference-{i}"))],
            },
        });
        using HttpResponseMessage large = await _cache.GetAsync(url, ("If-None-Match", small.Headers.ETag!.Tag), ("Accept-Encoding", "zstd"));

        Assert.That(large.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        AssertCoding(large, "zstd");
        Assert.That(large.Headers.ETag!.Tag, Does.EndWith("-zstd\""));
        Assert.That(System.Text.Encoding.UTF8.GetString(await Decoding.BodyOfAsync(large)), Does.Contain("-reference-29"));
    }

    private static void AssertCoding(HttpResponseMessage response, string? coding)
    {
        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(coding is null ? Array.Empty<string>() : [coding]));
        Assert.That(response.Headers.Vary, Is.EqualTo(new[] { "Accept-Encoding" }));
    }
}
