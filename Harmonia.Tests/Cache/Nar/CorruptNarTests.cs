using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Nar;

/// <summary>Files that have the right size and the wrong contents.</summary>
public sealed class CorruptNarTests
{
    private const int Small = 1_000;
    private const int Captured = 3_000_000;
    private const int Streamed = 40_000_000;

    private CacheInMemory _cache = null!;

    [SetUp]
    public async Task StartAsync() =>
        _cache = await CacheInMemory.StartAsync(new CacheOptions { Serve = true, EnableCompression = false });

    [TearDown]
    public async Task StopAsync() => await _cache.DisposeAsync();

    [Test]
    public async Task A_corrupt_path_is_out_of_service_until_it_is_repaired([Values(Small, Captured, Streamed)] int size)
    {
        ValidPathInfo path = Add(size);
        string contents = ContentsOf(path);
        Corrupt(contents);

        // A NAR of medium size is in memory before the status line, unless the disk is slow.
        await AssertNotSentAsync(path, isCut: size == Captured ? null : size == Streamed);

        CapturedLogEntry entry = await _cache.Log.WaitForAsync(136);
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Error));
        Assert.That(entry.Message, Does.Contain(path.Path.BaseName).And.Contain(path.Info.NarHash.ToBase32()).And.Contain("repair"));
        Assert.That(await MetricAsync(), Is.EqualTo("1"));
        foreach (string url in (string[])[CacheInMemory.NarUrl(path), $"/{path.Path.Hash}.narinfo", $"/{path.Path.Hash}.ls", $"/serve/{path.Path.Hash}/"])
            Assert.That(await StatusAsync(url), Is.EqualTo(HttpStatusCode.NotFound), url);

        // As in Nix, the new files replace the old ones.
        string root = _cache.FileOf(path.Path);
        Directory.Move(root, root + ".old");
        Directory.CreateDirectory(root);
        File.Move(Path.Combine(root + ".old", "contents"), contents);
        Corrupt(contents);

        foreach (string url in (string[])[CacheInMemory.NarUrl(path), $"/{path.Path.Hash}.narinfo", $"/{path.Path.Hash}.ls"])
            Assert.That(await StatusAsync(url), Is.EqualTo(HttpStatusCode.OK), url);
        Assert.That(await HashAsync(path), Is.EqualTo(path.Info.NarHash));
        Assert.That(await MetricAsync(), Is.EqualTo("0"));
    }

    [Test]
    public async Task A_path_is_in_service_again_when_the_database_has_the_hash_of_its_files()
    {
        ValidPathInfo path = Add(Small);
        Corrupt(ContentsOf(path));
        await AssertNotSentAsync(path, isCut: false);

        ValidPathInfo right = _cache.Catalog.Add(path with { Info = path.Info with { NarHash = NarHash.Of(_cache.Dump(path.Path)) } });

        Assert.That(await HashAsync(right), Is.EqualTo(right.Info.NarHash));
    }

    [Test]
    public async Task A_part_verifies_nothing([Values(Captured, Streamed)] int size)
    {
        ValidPathInfo path = Add(size);
        using HttpResponseMessage part = await _cache.GetAsync(CacheInMemory.NarUrl(path), ("Range", "bytes=0-99"));
        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Corrupt(ContentsOf(path));

        await AssertNotSentAsync(path, isCut: true);
    }

    [Test]
    public async Task A_path_that_was_replaced_is_served_with_its_new_contents([Values(Small, Captured)] int size)
    {
        ValidPathInfo old = Add(size);
        Assert.That(await HashAsync(old), Is.EqualTo(old.Info.NarHash));
        string oldListing = await _cache.Client.GetStringAsync(new Uri($"/{old.Path.Hash}.ls", UriKind.Relative));
        Directory.Delete(_cache.FileOf(old.Path), recursive: true);
        Directory.CreateDirectory(_cache.FileOf(old.Path));
        await File.WriteAllTextAsync(Path.Combine(_cache.FileOf(old.Path), "other"), "other");
        byte[] dump = _cache.Dump(old.Path);
        ValidPathInfo path = _cache.Catalog.Add(
            old with { Info = old.Info with { NarHash = NarHash.Of(dump), NarSize = (ulong)dump.Length } });

        Assert.That(await HashAsync(path), Is.EqualTo(path.Info.NarHash));
        Assert.That(await StatusAsync(CacheInMemory.NarUrl(old)), Is.EqualTo(HttpStatusCode.NotFound));
        string listing = await _cache.Client.GetStringAsync(new Uri($"/{old.Path.Hash}.ls", UriKind.Relative));
        Assert.That(listing, Is.Not.EqualTo(oldListing).And.Contain("other"));
    }

    [Test]
    public async Task Clients_at_once_get_the_same_bytes_of_a_path_not_read_before([Values(Small, Captured, Streamed)] int size)
    {
        ValidPathInfo path = Add(size);

        NarHash[] hashes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => HashAsync(path)));

        Assert.That(hashes, Is.All.EqualTo(path.Info.NarHash));
    }

    [Test]
    public async Task Thousands_of_random_parts_are_those_of_the_dump()
    {
        ValidPathInfo path = _cache.Add("parts", root =>
        {
            Directory.CreateDirectory(root);
            Random random = new(3);
            for (int i = 0; i < 300; i++)
                File.WriteAllBytes(Path.Combine(root, $"{i}"), RandomNumberGenerator.GetBytes(random.Next(i % 50 == 0 ? 300_000 : 3_000)));
        });
        byte[] nar = _cache.Dump(path.Path);
        Random offsets = new(4);
        for (int i = 0; i < 2_000; i++)
        {
            int first = offsets.Next(nar.Length);
            int last = Math.Min(nar.Length - 1, first + offsets.Next(i % 100 == 0 ? nar.Length : 2_000));
            using HttpRequestMessage request = new(HttpMethod.Get, CacheInMemory.NarUrl(path));
            request.Headers.Range = new RangeHeaderValue(first, last);
            using HttpResponseMessage response = await _cache.Client.SendAsync(request);
            byte[] part = await response.Content.ReadAsByteArrayAsync();

            Assert.That(part.AsSpan().SequenceEqual(nar.AsSpan(first..(last + 1))), $"{first} to {last}");
        }
    }

    private ValidPathInfo Add(int size) => _cache.Add("path", root =>
    {
        Directory.CreateDirectory(root);
        byte[] contents = new byte[size];
        new Random(size).NextBytes(contents);
        File.WriteAllBytes(Path.Combine(root, "contents"), contents);
    });

    private string ContentsOf(ValidPathInfo path) => Path.Combine(_cache.FileOf(path.Path), "contents");

    /// <summary>Turns one bit of the file; a second time, it turns it back.</summary>
    private static void Corrupt(string file)
    {
        using FileStream stream = File.Open(file, FileMode.Open);
        stream.Position = stream.Length / 2;
        int old = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(old ^ 1));
    }

    private async Task AssertNotSentAsync(ValidPathInfo path, bool? isCut)
    {
        using HttpResponseMessage response = await _cache.Client.GetAsync(
            new Uri(CacheInMemory.NarUrl(path), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        if (!(isCut ?? response.StatusCode == HttpStatusCode.OK))
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            return;
        }

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(() => response.Content.ReadAsByteArrayAsync(), Throws.InstanceOf<HttpRequestException>());
    }

    private async Task<NarHash> HashAsync(ValidPathInfo path) =>
        NarHash.Of(await _cache.Client.GetByteArrayAsync(new Uri(CacheInMemory.NarUrl(path), UriKind.Relative)));

    private async Task<HttpStatusCode> StatusAsync(string url)
    {
        using HttpResponseMessage response = await _cache.GetAsync(url);
        return response.StatusCode;
    }

    private async Task<string> MetricAsync()
    {
        string text = await _cache.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return text.Split('\n').Single(line => line.StartsWith("harmonia_corrupt_paths ", StringComparison.Ordinal)).Split(' ')[1];
    }
}
