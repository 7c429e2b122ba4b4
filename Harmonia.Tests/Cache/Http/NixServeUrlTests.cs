using System.Net;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

/// <summary>The URLs of NARs in narinfos of nix-serve, which clients may still have.</summary>
public sealed class NixServeUrlTests
{
    private CacheInMemory _cache = null!;
    private ValidPathInfo _file = null!;
    private byte[] _nar = null!;

    private string ByOutHash => $"/nar/{_file.Path.Hash}.nar";

    private string ByNarHash => $"/nar/{_file.Info.NarHash.ToBase32()}.nar";

    [SetUp]
    public async Task StartAsync()
    {
        _cache = await CacheInMemory.StartAsync();
        _file = _cache.AddFile("file", new byte[100_000]);
        _nar = _cache.Dump(_file.Path);
    }

    [TearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [Test]
    public async Task A_nar_is_found_by_the_hash_part_of_its_path_alone()
    {
        await AssertNarAsync(ByOutHash, "max-age=86400");
        await AssertErrorAsync("/nar/0000000000000000000000000000000a.nar", "store path not found");
    }

    [Test]
    public async Task A_nar_is_found_by_its_own_hash_once_its_narinfo_was_sent()
    {
        await AssertErrorAsync(ByNarHash, "missing outhash");
        Assert.That(_cache.Log.Entries.Select(entry => entry.EventId), Does.Contain(135));
        using HttpResponseMessage narInfo = await _cache.GetAsync($"/{_file.Path.Hash}.narinfo");

        await AssertNarAsync(ByNarHash, "max-age=31536000, immutable");
    }

    [Test]
    public async Task Head_ranges_and_validators_are_those_of_every_nar()
    {
        using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, ByOutHash);
        using HttpResponseMessage part = await _cache.GetAsync(ByOutHash, ("Range", "bytes=5-9"));
        using HttpResponseMessage same = await _cache.GetAsync(ByOutHash, ("If-None-Match", $"\"{_file.Info.NarHash.ToBase32()}\""));

        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(_nar.Length));
        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(_nar[5..10]));
        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    private async Task AssertNarAsync(string url, string cacheControl)
    {
        using HttpResponseMessage response = await _cache.GetAsync(url);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo(cacheControl));
        Assert.That((await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(_nar));
    }

    private async Task AssertErrorAsync(string url, string body)
    {
        using HttpResponseMessage response = await _cache.GetAsync(url);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
    }
}
