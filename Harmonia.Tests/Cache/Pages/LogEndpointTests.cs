using System.Net;
using System.Text;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Pages;

public sealed class LogEndpointTests
{
    private const string BaseName = "xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-hello-2.12.drv";
    private const string HashPart = "xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c";
    private const string Url = $"/log/{BaseName}";

    private TemporaryDirectory _logs = null!;
    private CacheInMemory _cache = null!;

    private string LogFile => _logs[$"drvs/{BaseName[..2]}/{BaseName[2..]}"];

    [SetUp]
    public async Task StartAsync()
    {
        _logs = new TemporaryDirectory();
        Directory.CreateDirectory(_logs["drvs/xp"]);
        _cache = await CacheInMemory.StartAsync(new CacheOptions { LogDirectory = _logs.Path });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _cache.DisposeAsync();
        _logs.Dispose();
    }

    [TestCase(Url)]
    [TestCase("/log/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-hello-2.12")]
    [TestCase($"/log/{HashPart}")]
    [TestCase("/log/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-hello%2D2.12.drv")]
    public async Task A_log_is_found_by_its_derivation_though_that_is_not_valid(string url)
    {
        await File.WriteAllTextAsync(LogFile, "said while building\n");

        using HttpResponseMessage response = await _cache.GetAsync(url);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("said while building\n"));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(20));
        AssertHeaders(response);
    }

    [Test]
    public async Task The_hash_part_of_a_valid_derivation_gives_its_name()
    {
        ValidPathInfo derivation = _cache.AddFile("valid.drv", [1]);
        await File.WriteAllTextAsync(_logs[$"drvs/{derivation.Path.BaseName}"], "of the old layout");

        Assert.That(await _cache.Client.GetStringAsync(new Uri($"/log/{derivation.Path.Hash}", UriKind.Relative)), Is.EqualTo("of the old layout"));
    }

    [Test]
    public async Task A_compressed_log_of_any_length_is_decompressed()
    {
        foreach (int lines in (int[])[0, 1, 100_000])
        {
            string text = string.Concat(Enumerable.Range(0, lines).Select(line => $"line {line}\n"));
            await WriteCompressedAsync(text);

            using HttpResponseMessage response = await _cache.GetAsync(Url);
            using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, Url);

            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(text));
            Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
            Assert.That(response.Headers.Vary, Is.EqualTo(new[] { "Accept-Encoding" }));
            AssertHeaders(response);
            Assert.That(head.Headers.ETag, Is.EqualTo(response.Headers.ETag));
            AssertHeaders(head);
        }
    }

    [Test]
    public async Task Compressed_parts_after_each_other_are_one_log()
    {
        await WriteCompressedAsync("one, ");
        byte[] first = await File.ReadAllBytesAsync(LogFile + ".bz2");
        await WriteCompressedAsync("two");
        await File.WriteAllBytesAsync(LogFile + ".bz2", [.. first, .. await File.ReadAllBytesAsync(LogFile + ".bz2")]);

        Assert.That(await _cache.Client.GetStringAsync(new Uri(Url, UriKind.Relative)), Is.EqualTo("one, two"));
    }

    [TestCase("gzip, bzip2", "bzip2")]
    [TestCase("X-BZIP2;q=0.5", "bzip2")]
    [TestCase("bzip2;q=0.5, gzip", "gzip")]
    [TestCase("bzip2;q=0, deflate", null)]
    [TestCase("notbzip2", null)]
    public async Task A_compressed_log_goes_as_it_is_to_clients_that_take_it(string accepted, string? coding)
    {
        await WriteCompressedAsync("said");

        using HttpResponseMessage response = await _cache.GetAsync(Url, ("Accept-Encoding", accepted));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        if (coding == "bzip2")
            Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(await File.ReadAllBytesAsync(LogFile + ".bz2")));
        else
            Assert.That(await Decoding.BodyOfAsync(response), Is.EqualTo("said"u8.ToArray()));
        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(coding is null ? Array.Empty<string>() : [coding]));
        AssertHeaders(response);
    }

    [Test]
    public async Task The_entity_tag_shows_whether_a_log_has_changed()
    {
        await File.WriteAllTextAsync(LogFile, "first");
        using HttpResponseMessage first = await _cache.GetAsync(Url);
        using HttpResponseMessage same = await _cache.GetAsync(Url, ("If-None-Match", first.Headers.ETag!.Tag));
        await File.WriteAllTextAsync(LogFile, "the second");
        using HttpResponseMessage second = await _cache.GetAsync(Url, ("If-None-Match", first.Headers.ETag!.Tag));

        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(await second.Content.ReadAsStringAsync(), Is.EqualTo("the second"));
    }

    [Test]
    public async Task Conditions_on_a_log_that_goes_as_it_is_stored_hold_for_those_bytes()
    {
        await WriteCompressedAsync("said");
        using HttpResponseMessage text = await _cache.GetAsync(Url);
        using HttpResponseMessage stored = await _cache.GetAsync(Url, ("Accept-Encoding", "bzip2"));
        string tag = stored.Headers.ETag!.Tag;

        using HttpResponseMessage same = await _cache.GetAsync(Url, ("Accept-Encoding", "bzip2"), ("If-None-Match", tag));
        using HttpResponseMessage other = await _cache.GetAsync(Url, ("Accept-Encoding", "bzip2"), ("If-Match", text.Headers.ETag!.Tag));
        using HttpResponseMessage part = await _cache.GetAsync(Url, ("Accept-Encoding", "bzip2"), ("If-Match", tag), ("Range", "bytes=0-1"));
        using HttpResponseMessage head = await _cache.SendAsync(HttpMethod.Head, Url, ("Accept-Encoding", "bzip2"));

        Assert.That(tag, Is.Not.EqualTo(text.Headers.ETag.Tag));
        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(same.Headers.Vary, Is.EqualTo(new[] { "Accept-Encoding" }));
        Assert.That(same.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That(other.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(part.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "bzip2" }));
        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(new FileInfo(LogFile + ".bz2").Length));
    }

    [Test]
    public async Task A_range_of_a_plain_log_can_be_requested()
    {
        await File.WriteAllTextAsync(LogFile, "0123456789");

        using HttpResponseMessage part = await _cache.GetAsync(Url, ("Range", "bytes=-3"));
        using HttpResponseMessage behind = await _cache.GetAsync(Url, ("Range", "bytes=10-"));

        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(await part.Content.ReadAsStringAsync(), Is.EqualTo("789"));
        Assert.That(behind.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
    }

    [Test]
    public async Task A_log_that_is_damaged_at_its_beginning_is_absent_and_the_log_says_why()
    {
        await File.WriteAllTextAsync(LogFile + ".bz2", "no bzip2");

        await AssertMissedAsync(Url);
        Assert.That(_cache.Log.Entries.Select(entry => entry.EventId), Does.Contain(152));
    }

    [Test]
    public async Task A_log_that_is_damaged_later_never_ends_well()
    {
        Random random = new(1);
        await WriteCompressedAsync(Convert.ToHexString(RandomBytes(random, 3_000_000)));
        byte[] compressed = await File.ReadAllBytesAsync(LogFile + ".bz2");
        await File.WriteAllBytesAsync(LogFile + ".bz2", compressed[..^1000]);

        Assert.That(async () => await _cache.Client.GetByteArrayAsync(new Uri(Url, UriKind.Relative)), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Nothing_but_a_file_is_a_log()
    {
        await AssertMissedAsync(Url);
        await AssertMissedAsync($"/log/{HashPart}");
        await AssertMissedAsync("/log/zz0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c");
        await File.WriteAllTextAsync(_logs["secret"], "secret");
        File.CreateSymbolicLink(LogFile, _logs["secret"]);
        await AssertMissedAsync(Url);
        File.Delete(LogFile);
        Directory.CreateDirectory(LogFile);
        await AssertMissedAsync(Url);
        Directory.Delete(LogFile);
        Directory.Delete(_logs["drvs/xp"]);
        Directory.CreateDirectory(_logs["elsewhere"]);
        await File.WriteAllTextAsync(_logs[$"elsewhere/{BaseName[2..]}"], "secret");
        File.CreateSymbolicLink(_logs["drvs/xp"], _logs["elsewhere"]);
        await AssertMissedAsync(Url);
    }

    [TestCase("/log/%2e%2e%2f%2e%2e%2fsecret")]
    [TestCase("/log/../../secret")]
    [TestCase("/log/..%2fsecret.drv")]
    [TestCase($"/log/{HashPart}-%2e%2e%2f%2e%2e%2fsecret.drv")]
    [TestCase($"/log/{HashPart}-..")]
    [TestCase($"/log/{HashPart}-x%00.drv")]
    [TestCase($"/log/{HashPart}-x/y.drv")]
    [TestCase("/log/")]
    [TestCase("/log")]
    public async Task No_spelling_of_a_URL_leaves_the_logs(string target)
    {
        await File.WriteAllTextAsync(_logs["secret"], "secret");
        await File.WriteAllTextAsync(_logs["secret.drv"], "secret");

        string answer = await _cache.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.That(answer, Does.Match("^HTTP/1.1 40[04] ").And.Not.Contain("secret"));
    }

    [Test]
    public async Task Logs_can_be_switched_off()
    {
        await File.WriteAllTextAsync(LogFile, "said");
        await using CacheInMemory off = await CacheInMemory.StartAsync(new CacheOptions { LogDirectory = _logs.Path, Log = false });

        using HttpResponseMessage response = await off.GetAsync(Url);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await off.Client.GetStringAsync(new Uri("/", UriKind.Relative)), Does.Not.Contain("/log/"));
        Assert.That(await _cache.Client.GetStringAsync(new Uri("/", UriKind.Relative)), Does.Contain("/log/"));
    }

    private async Task WriteCompressedAsync(string text)
    {
        File.Delete(LogFile + ".bz2");
        await File.WriteAllTextAsync(LogFile, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await Command.RunAsync("bzip2", [LogFile]);
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void AssertHeaders(HttpResponseMessage response)
    {
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; charset=utf-8"));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-cache"));
        Assert.That(response.Headers.ETag?.IsWeak, Is.False);
    }

    private async Task AssertMissedAsync(string url)
    {
        using HttpResponseMessage response = await _cache.GetAsync(url);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), url);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("missed hash"), url);
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"), url);
    }
}
