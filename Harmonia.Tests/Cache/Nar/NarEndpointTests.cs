using System.Net;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Nar;

public sealed class NarEndpointTests
{
    private CacheInMemory _cache = null!;
    private ValidPathInfo _tree = null!;
    private byte[] _nar = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync();
        _tree = _cache.Add("tree", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "bin"));
            File.WriteAllText(Path.Combine(root, "bin", "run"), "#!/bin/sh\n");
            File.SetUnixFileMode(Path.Combine(root, "bin", "run"), (UnixFileMode)0b101_101_101);
            File.CreateSymbolicLink(Path.Combine(root, "link"), "bin/run");
            Random random = new(1);
            for (int size = 0; size < 700_000; size = (size * 3) + 1)
            {
                byte[] contents = new byte[size];
                random.NextBytes(contents);
                File.WriteAllBytes(Path.Combine(root, $"file-{size}"), contents);
            }
        });
        _nar = _cache.Dump(_tree.Path);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    private string Url => CacheInMemory.NarUrl(_tree);

    private string UrlWithQuery => $"/nar/{_tree.Info.NarHash.ToBase32()}.nar?hash={_tree.Path.Hash}";

    private string Tag => $"\"{_tree.Info.NarHash.ToBase32()}\"";

    [Test]
    public async Task Both_forms_of_the_URL_give_the_whole_nar()
    {
        foreach (string url in (string[])[Url, UrlWithQuery, Url + "?x=y"])
        {
            using HttpResponseMessage response = await _cache.GetAsync(url);
            byte[] body = await response.Content.ReadAsByteArrayAsync();

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            AssertNarHeaders(response, _nar.Length);
            Assert.That(NarHash.Of(body), Is.EqualTo(_tree.Info.NarHash));
            Assert.That(body.AsSpan().SequenceEqual(_nar));
        }
    }

    [Test]
    public async Task Head_has_the_headers_of_get_and_no_body()
    {
        using HttpResponseMessage response = await _cache.SendAsync(HttpMethod.Head, Url, ("Range", "bytes=1-2"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        AssertNarHeaders(response, _nar.Length);
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task Many_clients_get_the_same_bytes_at_once()
    {
        byte[][] bodies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _cache.Client.GetByteArrayAsync(new Uri(Url, UriKind.Relative))));

        Assert.That(bodies, Has.All.Matches<byte[]>(body => body.AsSpan().SequenceEqual(_nar)));
    }

    [TestCase("bytes=0-0", 0, 1)]
    [TestCase("bytes=0-", 0, null)]
    [TestCase("bytes=100000-", 100_000, null)]
    [TestCase("bytes=65530-65545", 65_530, 16)]
    [TestCase("bytes=-1", -1, 1)]
    [TestCase("bytes=-0,7-9,1-1", 7, 3)]
    public async Task A_range_gives_that_part(string range, int offset, int? length)
    {
        offset = offset < 0 ? _nar.Length + offset : offset;
        byte[] expected = _nar[offset..(length is null ? _nar.Length : offset + length.Value)];

        using HttpResponseMessage response = await _cache.GetAsync(Url, ("Range", range));
        byte[] body = await response.Content.ReadAsByteArrayAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        AssertNarHeaders(response, expected.Length);
        Assert.That(
            response.Content.Headers.ContentRange?.ToString(), Is.EqualTo($"bytes {offset}-{offset + expected.Length - 1}/{_nar.Length}"));
        Assert.That(body.AsSpan().SequenceEqual(expected));
    }

    [Test]
    public async Task A_broken_download_is_resumed_byte_by_byte_at_any_offset()
    {
        Random random = new(2);
        for (int attempt = 0; attempt < 50; attempt++)
        {
            int offset = random.Next(_nar.Length);
            using HttpResponseMessage response = await _cache.GetAsync(Url, ("Range", $"bytes={offset}-"));
            byte[] body = await response.Content.ReadAsByteArrayAsync();

            Assert.That(body.AsSpan().SequenceEqual(_nar.AsSpan(offset)), $"from {offset}");
        }
    }

    [Test]
    public async Task A_range_after_the_end_cannot_be_satisfied()
    {
        using HttpResponseMessage response = await _cache.GetAsync(Url, ("Range", $"bytes={_nar.Length}-"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
        Assert.That(response.Content.Headers.ContentRange?.ToString(), Is.EqualTo($"bytes */{_nar.Length}"));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"));
        Assert.That(response.Headers.ETag, Is.Null);
    }

    [TestCase("items=0-1")]
    [TestCase("bytes=5-1")]
    [TestCase("bytes=")]
    [TestCase("nonsense")]
    public async Task A_range_that_is_none_is_ignored(string range)
    {
        using HttpResponseMessage response = await _cache.GetAsync(Url, ("Range", range));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        AssertNarHeaders(response, _nar.Length);
    }

    [Test]
    public async Task If_range_holds_only_with_the_same_tag()
    {
        using HttpResponseMessage same = await _cache.GetAsync(Url, ("Range", "bytes=1-2"), ("If-Range", Tag));
        using HttpResponseMessage weak = await _cache.GetAsync(Url, ("Range", "bytes=1-2"), ("If-Range", "W/" + Tag));
        using HttpResponseMessage other = await _cache.GetAsync(Url, ("Range", "bytes=99999999-"), ("If-Range", "\"other\""));

        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(weak.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_client_that_has_it_gets_304()
    {
        using HttpResponseMessage response = await _cache.GetAsync(Url, ("If-None-Match", $"\"x\", W/{Tag}"), ("Range", "bytes=1-2"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(response.Headers.ETag?.Tag, Is.EqualTo(Tag));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("max-age=31536000, immutable"));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task What_is_wrong_with_a_URL_is_said_in_a_few_words()
    {
        string narHash = _tree.Info.NarHash.ToBase32();
        string otherHash = NarHash.Of([1]).ToBase32();
        await AssertErrorAsync($"/nar/{narHash}.nar", 404, "missing outhash");
        await AssertErrorAsync($"/nar/{narHash}.nar?hash=", 404, "Not Found");
        await AssertErrorAsync($"/nar/{narHash}.nar?hash=zzz", 404, "Not Found");
        await AssertErrorAsync($"/nar/{narHash}.nar?hash=%", 404, "Not Found");
        await AssertErrorAsync($"{UrlWithQuery}&hash=1", 400, "Query deserialize error: duplicate field `hash`");
        await AssertErrorAsync($"/nar/{narHash}.nar?hash=0000000000000000000000000000000a", 404, "store path not found");
        await AssertErrorAsync($"/nar/{_tree.Path.Hash}-{otherHash}.nar", 404, "hash mismatch detected");
        await AssertErrorAsync($"/nar/{narHash}.nar.xz?hash={_tree.Path.Hash}", 404, "Not Found");
    }

    private void AssertNarHeaders(HttpResponseMessage response, long length)
    {
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(length));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/x-nix-archive"));
        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(response.Headers.AcceptRanges, Is.EqualTo(new[] { "bytes" }));
        Assert.That(response.Headers.ETag?.ToString(), Is.EqualTo(Tag));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("max-age=31536000, immutable"));
        Assert.That(response.Headers.TransferEncodingChunked, Is.Not.True);
    }

    private async Task AssertErrorAsync(string url, int status, string body)
    {
        using HttpResponseMessage response = await _cache.GetAsync(url);

        Assert.That((int)response.StatusCode, Is.EqualTo(status), url);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body), url);
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"), url);
    }
}
