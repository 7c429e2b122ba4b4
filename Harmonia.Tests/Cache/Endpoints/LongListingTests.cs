using System.IO.Compression;
using System.Net;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Endpoints;

/// <summary>A listing that is sent in several pieces.</summary>
public sealed class LongListingTests
{
    private CacheInMemory _cache = null!;
    private ValidPathInfo _tree = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync(new CacheOptions());
        _tree = _cache.Add("tree", root =>
        {
            Directory.CreateDirectory(root);
            for (int i = 0; i < 3_000; i++)
                File.WriteAllText(Path.Combine(root, $"file-{i}"), "x");
        });
    }

    [TearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [Test]
    public async Task It_is_the_same_made_kept_compressed_and_for_many_at_once()
    {
        string url = $"/{_tree.Path.Hash}.ls";
        byte[] made = await _cache.Client.GetByteArrayAsync(new Uri(url, UriKind.Relative));
        using HttpResponseMessage kept = await _cache.GetAsync(url);
        using HttpResponseMessage coded = await _cache.GetAsync(url, ("Accept-Encoding", "gzip"));
        using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, url);
        byte[][] others = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _cache.Client.GetByteArrayAsync(new Uri(url, UriKind.Relative))));

        Assert.That(made, Has.Length.GreaterThan(200_000));
        Assert.That(kept.Content.Headers.ContentLength, Is.EqualTo(made.Length));
        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(made.Length));
        Assert.That((await kept.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(made));
        Assert.That(others, Has.All.Matches<byte[]>(other => other.AsSpan().SequenceEqual(made)));
        Assert.That(coded.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
        using var decoded = new MemoryStream();
        await using (var gzip = new GZipStream(await coded.Content.ReadAsStreamAsync(), CompressionMode.Decompress))
            await gzip.CopyToAsync(decoded);
        Assert.That(decoded.ToArray().AsSpan().SequenceEqual(made));
    }

    [Test]
    public async Task It_is_sent_to_the_end_when_it_had_to_go_for_others()
    {
        await _cache.DisposeAsync();
        _cache = await CacheInMemory.StartAsync(new CacheOptions { Memory = new MemoryOptions { Listings = 0 } });
        _tree = _cache.Add("tree", root =>
        {
            Directory.CreateDirectory(root);
            for (int i = 0; i < 3_000; i++)
                File.WriteAllText(Path.Combine(root, $"file-{i}"), "x");
        });

        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage response = await _cache.GetAsync($"/{_tree.Path.Hash}.ls");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.EndWith("\"version\":1}"));
            GC.Collect();
        }
    }
}
