using System.IO.Compression;
using System.Net;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Cache.Nar;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Nar;

/// <summary>A listing that is sent in several pieces.</summary>
public sealed class LongListingTests
{
    private CacheInMemory _cache = null!;
    private ValidPathInfo _tree = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync(new CacheOptions());
        _tree = _cache.Add("tree", MakeTree);
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
        using MemoryStream decoded = new();
        await using (GZipStream gzip = new(await coded.Content.ReadAsStreamAsync(), CompressionMode.Decompress))
            await gzip.CopyToAsync(decoded);
        Assert.That(decoded.ToArray().AsSpan().SequenceEqual(made));
    }

    [Test]
    public async Task It_is_sent_to_the_end_when_it_had_to_go_for_others()
    {
        await _cache.DisposeAsync();
        _cache = await CacheInMemory.StartAsync(new CacheOptions { Memory = new MemoryOptions { Listings = 0 } });
        _tree = _cache.Add("tree", MakeTree);

        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage response = await _cache.GetAsync($"/{_tree.Path.Hash}.ls");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.EndWith("\"version\":1}"));
            GC.Collect();
        }
    }

    [TestCase("gzip")]
    [TestCase("identity")]
    public async Task Another_tree_has_another_listing_in_each_coding(string accepted)
    {
        string url = $"/{_tree.Path.Hash}.ls";
        await _cache.Client.GetByteArrayAsync(new Uri(url, UriKind.Relative));
        using HttpResponseMessage before = await _cache.GetAsync(url, ("Accept-Encoding", accepted));
        string root = _cache.FileOf(_tree.Path);
        Directory.Move(root, $"{root}.old");
        MakeTree(root);
        File.WriteAllText(Path.Combine(root, "file-1"), "y");
        File.Move(Path.Combine(root, "file-2"), Path.Combine(root, "renamed"));
        byte[] nar = _cache.Dump(_tree.Path);
        _cache.Catalog.Add(_tree with { Info = _tree.Info with { NarHash = NarHash.Of(nar), NarSize = (ulong)nar.Length } });

        using HttpResponseMessage after = await _cache.GetAsync(url, ("Accept-Encoding", accepted));
        using HttpResponseMessage again = await _cache.GetAsync(url, ("Accept-Encoding", accepted));

        string listing = Encoding.UTF8.GetString(await Decoding.BodyOfAsync(after));
        Assert.That(listing, Does.Contain("\"renamed\"").And.Not.Contain("\"file-2\""));
        Assert.That(Encoding.UTF8.GetString(await Decoding.BodyOfAsync(before)), Does.Contain("\"file-2\""));
        Assert.That(Encoding.UTF8.GetString(await Decoding.BodyOfAsync(again)), Is.EqualTo(listing));
        Assert.That(after.Headers.ETag, Is.Not.EqualTo(before.Headers.ETag));
    }

    [Test]
    public async Task Its_coded_form_is_made_once_and_counted()
    {
        string url = $"/{_tree.Path.Hash}.ls";
        NarListings listings = _cache.Host.Listings;
        byte[] plain = await _cache.Client.GetByteArrayAsync(new Uri(url, UriKind.Relative));
        long bytes = listings.Usage.Bytes();
        using HttpResponseMessage first = await _cache.GetAsync(url, ("Accept-Encoding", "gzip"));
        using HttpResponseMessage again = await _cache.GetAsync(url, ("Accept-Encoding", "gzip"));
        byte[] coded = await again.Content.ReadAsByteArrayAsync();

        Assert.That(bytes, Is.GreaterThanOrEqualTo(plain.Length));
        Assert.That(listings.Usage.Bytes(), Is.EqualTo(bytes + coded.Length));
        Assert.That(coded, Is.EqualTo(await first.Content.ReadAsByteArrayAsync()));
        string metrics = await _cache.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.That(metrics.Split('\n'), Has.One.StartsWith("harmonia_compression_responses_total{coding=\"gzip\"} 1"));
    }

    private static void MakeTree(string root)
    {
        Directory.CreateDirectory(root);
        for (int i = 0; i < 3_000; i++)
            File.WriteAllText(Path.Combine(root, $"file-{i}"), "x");
    }
}
